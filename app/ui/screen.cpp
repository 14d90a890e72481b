#include "app/ui/screen.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "app/turn_summary.h"
#include "app/ui/message_lines.h"
#include "app/ui/safe_text.h"
#include "app/ui/status_line.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

using std::chrono::milliseconds;

constexpr auto kEscapeDelay = milliseconds(25);
constexpr auto kClock = milliseconds(100);  // how often a phase's numbers move
constexpr auto kPriceDelay = milliseconds(200);
constexpr auto kSlack = milliseconds(3);  // a tick that comes a little early is the frame's
constexpr size_t kNotes = 3;

}  // namespace

Result<std::unique_ptr<Screen>> Screen::create(std::unique_ptr<Terminal> terminal,
                                               const EngineMonitor& monitor, Setup setup) {
    HEARTH_TRY(TimerFd timer, TimerFd::create());
    return std::unique_ptr<Screen>(
        new Screen(std::move(terminal), monitor, std::move(timer), std::move(setup)));
}

Screen::Screen(std::unique_ptr<Terminal> terminal, const EngineMonitor& monitor, TimerFd timer,
               Setup setup)
    : terminal_(std::move(terminal)),
      monitor_(monitor),
      timer_(std::move(timer)),
      setup_(std::move(setup)),
      composer_(setup_.history_file),
      rail_(setup_.rail) {
    if (setup_.slow_line) dashboard_.slow_down();
}

// --- input ---------------------------------------------------------------------------------------

std::vector<int> Screen::input_fds() const {
    return lost_ ? std::vector<int>{timer_.fd()} : std::vector<int>{STDIN_FILENO, timer_.fd()};
}

std::vector<UserAction> Screen::read() {
    timer_.drain();
    const auto bytes = terminal_->read();
    if (!bytes) {
        lost_ = true;
        return {Leave{}};
    }
    const auto now = Clock::now();
    if (!bytes->empty()) last_input_ = now;
    for (const Key& key : decoder_.feed(*bytes)) on_key(key);
    // An escape that nothing follows is a key; what follows it may be on its way.
    if (decoder_.waiting() && now - last_input_ >= kEscapeDelay) {
        for (const Key& key : decoder_.flush()) on_key(key);
    }
    if (price_due_ && now >= *price_due_) {
        price_due_.reset();
        if (!composer_.empty()) actions_.push_back(AskPrice{composer_.expanded()});
    }
    return std::exchange(actions_, {});
}

// How often what is shown moves by itself; nullopt: not at all.
std::optional<milliseconds> Screen::clock_period() const {
    if (dashboard_open_) return dashboard_.period();
    return monitor_.busy() ? std::optional(kClock) : std::nullopt;
}

void Screen::settle() {
    const auto waited = Clock::now() - drawn_ + kSlack;
    const auto period = clock_period();
    // Beside the dashboard's numbers an answer that grows is not seen.
    const bool frame_is_due = grown_ && !dashboard_open_ && waited >= kFrame;
    if (dirty_ || frame_is_due || (period && waited >= *period)) draw();
    set_timer();
}

// One timer for everything that waits.
void Screen::set_timer() {
    milliseconds period = clock_period().value_or(milliseconds(0));
    if (grown_ && !dashboard_open_) period = kFrame;
    if (price_due_) period = period.count() == 0 ? kPriceDelay / 4 : std::min(period, kPriceDelay);
    if (decoder_.waiting()) period = kEscapeDelay;
    if (period == period_) return;
    period_ = period;
    if (period.count() == 0) {
        timer_.stop();
    } else {
        timer_.start(period);
    }
}

// --- the model -----------------------------------------------------------------------------------

void Screen::preparing(const ModelChoice& model) {
    choice_ = model;
    is_ready_ = false;
    dirty_ = true;
}

void Screen::measuring_begun() {
    plan_.emplace(choice_.file_name());
    dirty_ = true;
}

void Screen::measuring(const PlanProgress& progress) {
    if (plan_) plan_->take(progress);
    grown_ = true;
}

// --- the engine ----------------------------------------------------------------------------------

void Screen::loading(const LoadProgress&) {
    plan_.reset();
    grown_ = true;
}

void Screen::ready(const ModelReady& ready, const Chat& chat) {
    model_ = &ready;
    chat_ = &chat;
    is_ready_ = true;
    dirty_ = true;
}

void Screen::turn_begun() {
    price_.reset();
    price_due_.reset();
    transcript_.choose_none();
    transcript_.follow();
    dirty_ = true;
}

void Screen::reading(const PrefillProgress&) {
    grown_ = true;
}

void Screen::answering(const AnswerText& piece) {
    const bool first = piece.tokens <= 1;
    grown_ = true;
    dirty_ = dirty_ || first;
}

void Screen::turn_ended(const AnswerDone& done) {
    const std::string_view reason = why_it_ended(done.stop_reason);
    if (!reason.empty()) note(reason);
    dirty_ = true;
}

void Screen::turn_failed() {
    dirty_ = true;
}

void Screen::priced(const Price& price) {
    price_ = price;
    dirty_ = true;
}

// --- the conversation ----------------------------------------------------------------------------

void Screen::opened() {
    transcript_.choose_none();
    transcript_.follow();
    focus_ = Focus::composer;
    editing_.reset();
    price_.reset();
    dirty_ = true;
}

void Screen::show_all() {
    transcript_.to_top();
    dirty_ = true;
}

void Screen::queued(std::string_view text) {
    queued_ = text;
    dirty_ = true;
}

void Screen::preset(std::string text) {
    if (!composer_.empty()) text.append("\n").append(composer_.expanded());  // it stays
    composer_.set(text);
    focus_ = Focus::composer;
    dirty_ = true;
}

const Message* Screen::find(MessageId id) const {
    if (chat_ == nullptr) return nullptr;
    const std::vector<Message>& all = chat_->messages();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Message& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

// --- words ---------------------------------------------------------------------------------------

void Screen::note(std::string_view text) {
    notes_.push_back({safe_line(text).str(), {Ink::dim}});
    if (notes_.size() > kNotes) notes_.erase(notes_.begin());
    dirty_ = true;
}

void Screen::error(const Error& error) {
    notes_.push_back({safe_line(error.message).str(), {Ink::error, true}});
    if (notes_.size() > kNotes) notes_.erase(notes_.begin());
    dirty_ = true;
}

void Screen::page(std::string_view title, std::string_view text) {
    if (title == "help") return open_help();
    page_.emplace(title, text);
    dirty_ = true;
}

void Screen::show_dashboard(int page, const HistoryRows& history) {
    history_ = history;
    dashboard_.show_page(page);
    dashboard_open_ = true;
    dirty_ = true;
}

void Screen::toggle_rail() {
    rail_ = !rail_;
    dirty_ = true;
}

void Screen::use_theme(const Theme& theme) {
    terminal_->use(terminal_->has_colors() ? theme : mono_theme());
    dirty_ = true;
}

// --- the terminal --------------------------------------------------------------------------------

void Screen::resized() {
    terminal_->redraw();
    dirty_ = true;
}

void Screen::suspend() {
    terminal_->suspend();
}

void Screen::resume() {
    terminal_->resume();
    dirty_ = true;
}

// The end of the conversation stays readable on the normal screen.
void Screen::close() {
    if (closed_) return;
    closed_ = true;
    timer_.stop();
    terminal_->suspend();
    if (lost_ || chat_ == nullptr || chat_->messages().empty()) return;
    const Message& last = chat_->messages().back();
    MessageLines message;
    message.update(last, chat_->variants(last.id), terminal_->size().columns, Thoughts::folded);
    for (const StyledLine& line : message.lines()) terminal_->send(plain(line) + "\r\n");
}

void Screen::ask_price_later() {
    price_.reset();
    price_due_ = Clock::now() + kPriceDelay;
}

}  // namespace hearth
