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

constexpr auto kEscapeDelay = std::chrono::milliseconds(25);
constexpr auto kClock = std::chrono::milliseconds(100);       // how often a phase's numbers move
constexpr auto kSlowClock = std::chrono::milliseconds(1000);  // and those of the process
constexpr auto kPriceDelay = std::chrono::milliseconds(200);
constexpr size_t kNotes = 3;
constexpr size_t kTallWindow = 10;    // rows from which there is a header
constexpr size_t kTallerWindow = 16;  // rows from which there is a line of hints
constexpr size_t kRailWindow = 90;    // columns from which there is a rail
constexpr size_t kRailColumns = 30;
constexpr size_t kLeastRows = 3;
constexpr size_t kLeastColumns = 12;

}  // namespace

Result<std::unique_ptr<Screen>> Screen::create(std::unique_ptr<Terminal> terminal, Setup setup) {
    HEARTH_TRY(TimerFd timer, TimerFd::create());
    return std::unique_ptr<Screen>(
        new Screen(std::move(terminal), std::move(timer), std::move(setup)));
}

Screen::Screen(std::unique_ptr<Terminal> terminal, TimerFd timer, Setup setup)
    : terminal_(std::move(terminal)),
      timer_(std::move(timer)),
      setup_(std::move(setup)),
      composer_(setup_.history_file),
      rail_(setup_.rail) {}

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

void Screen::settle() {
    const auto now = Clock::now();
    const bool frame_is_due = now - drawn_ >= kFrame;
    const bool moving = monitor_.busy() || dashboard_;
    const auto pace = monitor_.busy() ? kClock : kSlowClock;
    const bool clock_is_due = moving && !paused() && now - drawn_ >= pace;
    if (dirty_ || (grown_ && frame_is_due) || clock_is_due) draw();
    set_timer();
}

// One timer for everything that waits.
void Screen::set_timer() {
    std::chrono::milliseconds period{0};
    if (dashboard_) period = kSlowClock;
    if (monitor_.busy()) period = kClock;
    if (grown_) period = kFrame;
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

// --- the engine ----------------------------------------------------------------------------------

void Screen::loading(const LoadProgress& progress) {
    monitor_.load(progress, Clock::now());
    grown_ = true;
}

void Screen::ready(const ModelReady& ready, const Chat& chat) {
    model_ = &ready;
    chat_ = &chat;
    monitor_.ready(ready, Clock::now());
    dirty_ = true;
}

void Screen::turn_begun() {
    monitor_.begin_turn(Clock::now());
    price_.reset();
    price_due_.reset();
    transcript_.choose_none();
    transcript_.follow();
    dirty_ = true;
}

void Screen::reading(const PrefillProgress& progress) {
    monitor_.read(progress, Clock::now());
    grown_ = true;
}

void Screen::answering(const AnswerText& piece) {
    const bool first = piece.tokens <= 1;
    monitor_.text(piece, is_thinking(chat_->messages().back().content), Clock::now());
    grown_ = true;
    dirty_ = dirty_ || first;
}

void Screen::turn_ended(const AnswerDone& done) {
    monitor_.end(done, Clock::now());
    const std::string_view reason = why_it_ended(done.stop_reason);
    if (!reason.empty()) note(reason);
    dirty_ = true;
}

void Screen::turn_failed() {
    monitor_.fail(Clock::now());
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
    if (!composer_.empty()) text += "\n" + composer_.expanded();  // what is being typed stays
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

void Screen::conversations(std::span<const ConversationSummary> summaries) {
    std::vector<ListItem> items;
    for (const ConversationSummary& one : summaries) {
        const std::string id = fmt::format("{}", number(one.conversation.id));
        const std::string& title = one.conversation.title;
        items.push_back({fmt::format("{:>4}  {}", id, title.empty() ? "untitled" : title),
                         fmt::format("{} messages  {}", one.messages, one.preview), "/open " + id});
    }
    list_.emplace("conversations", std::move(items));
    dirty_ = true;
}

void Screen::found(std::span<const SearchHit> hits) {
    std::vector<ListItem> items;
    for (const SearchHit& hit : hits) {
        const std::string id = fmt::format("{}", number(hit.conversation.id));
        items.push_back(
            {fmt::format("{:>4}  {}", id, hit.conversation.title), hit.excerpt, "/open " + id});
    }
    list_.emplace("found", std::move(items));
    dirty_ = true;
}

void Screen::ask_overflow(size_t prompt_tokens, size_t n_ctx) {
    std::vector<ListItem> items{
        {"send without the oldest", "they stay in the conversation; your message is sent whole",
         "/shift"},
        {"take my message back", "to shorten it", "/undo"},
        {"begin a new conversation", "this one stays as it is", "/new"}};
    list_.emplace(
        fmt::format("{} tokens, the context holds {}", grouped(prompt_tokens), grouped(n_ctx)),
        std::move(items));
    dirty_ = true;
}

void Screen::show_dashboard(int page, const HistoryRows& history) {
    history_ = history;
    dashboard_.emplace(page >= 1 && page <= Dashboard::kPages ? page : 1);
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

// --- drawing -------------------------------------------------------------------------------------

std::vector<StyledLine> Screen::intro(size_t columns) const {
    std::vector<StyledLine> lines;
    const auto add = [&](const std::string& text, Style style) {
        wrap_text(text, style, columns, {{{" ", {}}}, {{" ", {}}}}, lines);
    };
    lines.emplace_back();
    if (model_ == nullptr) {
        add("loading " + safe_line(setup_.model_name).str() + " …", {Ink::dim});
        return lines;
    }
    add(safe_line(describe(*model_)).str(), {Ink::heading, true});
    lines.emplace_back();
    if (setup_.bundled_model) {
        add("This is the small model that comes with hearth. It talks, but it knows little: for "
            "another one start  hearth -m model.gguf",
            {});
        lines.emplace_back();
    }
    add("Say something. Enter sends, Alt+Enter begins a new line, Esc stops an answer, F1 shows "
        "what else there is.",
        {Ink::dim});
    return lines;
}

// What stands between the conversation and the composer.
std::vector<StyledLine> Screen::words(size_t columns) const {
    std::vector<StyledLine> lines;
    const StyledLine lead{{" ", {}}};
    if (!queued_.empty()) {
        const std::string text = fmt::format(" queued: {}", safe_line(queued_).str());
        lines.push_back({{fit(text, columns), {Ink::accent}}});
    }
    for (const Span& note : notes_) {
        for (StyledLine& line : wrap({note}, columns, {lead, lead})) {
            lines.push_back(std::move(line));
        }
    }
    if (editing_) {
        lines.push_back(
            {{fit(" saying it differently: Enter makes a branch, Esc leaves it", columns),
              {Ink::accent}}});
    }
    if (price_ && !composer_.empty()) {
        const size_t reused = price_->prompt_tokens - price_->tokens_to_read;
        std::string text =
            fmt::format(" sends {} tok: reads {}, {} reused", grouped(price_->prompt_tokens),
                        grouped(price_->tokens_to_read), grouped(reused));
        const bool too_long = model_ != nullptr && price_->prompt_tokens >= model_->n_ctx;
        if (too_long) text += fmt::format(" · the context holds {}", grouped(model_->n_ctx));
        lines.push_back({{fit(text, columns), {too_long ? Ink::error : Ink::dim}}});
    }
    return lines;
}

void Screen::draw_header(Canvas& canvas) {
    const size_t columns = canvas.size().columns;
    const std::string title =
        chat_ != nullptr && chat_->conversation() ? chat_->conversation()->title : std::string();
    const std::string& model = model_ != nullptr ? model_->name : setup_.model_name;
    canvas.put(0, 0, header_line(monitor_.view(Clock::now()), model, title, columns));
    canvas.fill({1, 0, 1, columns}, U'─', {Ink::dim});
}

void Screen::draw_status(Canvas& canvas, size_t row) {
    const size_t columns = canvas.size().columns;
    std::string right;
    const size_t below = transcript_.lines_below();
    if (!transcript_.following() && below > 0) right = fmt::format("↓ {} lines · End ", below);
    if (right.empty() && monitor_.busy()) right = "Esc stop ";
    const size_t right_columns = columns_of(right);
    const size_t room = columns > right_columns + 1 ? columns - right_columns - 1 : columns;
    canvas.put(row, 0, status_fields(monitor_.view(Clock::now()), room));
    if (room < columns) canvas.put(row, columns - right_columns, right, {Ink::dim});
}

void Screen::draw_too_small(Canvas& canvas) const {
    canvas.put(0, 0, fmt::format("{}x{}", kLeastColumns, kLeastRows), {});
}

DashboardData Screen::dashboard_data() {
    const auto now = Clock::now();
    process_.sample(now);
    return {monitor_.view(now),
            {monitor_.rates().begin(), monitor_.rates().end()},
            monitor_.totals(),
            model_,
            process_.latest(),
            process_.read_rate(),
            process_.fault_rate(),
            process_.ui_share(),
            history_};
}

// The conversation, and the rail beside it where there is room.
void Screen::draw_transcript(Canvas& canvas, const Area& area) {
    const bool rail = rail_ && canvas.size().columns >= kRailWindow && area.rows >= kTallWindow;
    const size_t columns = area.columns - (rail ? kRailColumns : 0);
    if (rail) draw_rail(canvas, {area.row, columns, area.rows, kRailColumns}, dashboard_data());
    if (chat_ != nullptr) {
        const size_t room = columns - (rail ? 1 : 0);  // a gap in front of the rail
        transcript_.update(*chat_, room, intro(room));
        return transcript_.draw(canvas, {area.row, 0, area.rows, room});
    }
    const auto lines = intro(columns);
    for (size_t i = 0; i < std::min(lines.size(), area.rows); ++i) {
        canvas.put(area.row + i, 0, lines[i]);
    }
}

void Screen::draw() {
    const Size size = terminal_->size();
    Canvas canvas(size);
    drawn_ = Clock::now();
    dirty_ = grown_ = false;
    if (size.rows < kLeastRows || size.columns < kLeastColumns) {
        draw_too_small(canvas);
        return terminal_->show(canvas);
    }
    const bool tall = size.rows >= kTallWindow;
    const size_t hint_rows = size.rows >= kTallerWindow ? 1 : 0;
    const size_t head_rows = tall ? 2 : 0;
    const size_t composer_rows = composer_.rows(size.columns, std::max<size_t>(1, size.rows / 3));
    std::vector<StyledLine> said = words(size.columns);
    const size_t fixed = head_rows + composer_rows + 1 + hint_rows + (tall ? 1 : 0);
    const size_t words_most = size.rows > fixed + 2 ? size.rows - fixed - 2 : 0;
    if (said.size() > words_most) {
        said.erase(said.begin(), said.end() - static_cast<std::ptrdiff_t>(words_most));
    }
    const size_t transcript_rows = size.rows - std::min(size.rows, fixed + said.size());

    if (tall) draw_header(canvas);
    size_t row = head_rows;
    draw_transcript(canvas, {row, 0, transcript_rows, size.columns});
    row += transcript_rows;
    for (const StyledLine& line : said) canvas.put(row++, 0, line);
    if (tall) canvas.fill({row++, 0, 1, size.columns}, U'─', {Ink::dim});
    draw_composer(canvas, {row, 0, composer_rows, size.columns});
    row += composer_rows;
    const size_t boxes_end = row;
    draw_status(canvas, row++);
    if (hint_rows > 0) draw_hints(canvas, row);
    draw_boxes(canvas, {head_rows, 0, boxes_end - head_rows, size.columns});
    terminal_->show(canvas);
}

void Screen::draw_composer(Canvas& canvas, const Area& area) {
    if (focus_ != Focus::search) return composer_.draw(canvas, area, focus_ == Focus::composer);
    const size_t end = canvas.put(area.row, 1, "search: " + safe_line(search_).str(), {});
    canvas.caret = Place{area.row, std::min(end, canvas.size().columns - 1)};
}

// What lies over the conversation.
void Screen::draw_boxes(Canvas& canvas, const Area& area) {
    if (dashboard_) {
        canvas.caret.reset();
        dashboard_->draw(canvas, area, dashboard_data());
    }
    const size_t margin = area.columns >= 60 ? 3 : 0;
    const Area box{area.row, margin, area.rows, area.columns - 2 * margin};
    if (list_) list_->draw(canvas, box);
    if (page_) {
        canvas.caret.reset();
        page_->draw(canvas, box);
    }
}

void Screen::draw_hints(Canvas& canvas, size_t row) const {
    const std::string_view question = composer_.prompt();
    std::string hints = "Enter send  Alt+Enter newline  Ctrl+P commands  Ctrl+R history  F1 help";
    if (focus_ == Focus::transcript) {
        hints =
            "j k move  r again  e edit  c continue  f copy conversation  ← → swipe  y copy  / "
            "search";
    }
    if (focus_ == Focus::search) hints = "Enter finds  Esc back";
    if (!question.empty()) hints = safe_line(question).str();
    canvas.put(row, 1, fit(hints, canvas.size().columns - 1), {Ink::dim});
}

void Screen::ask_price_later() {
    price_.reset();
    price_due_ = Clock::now() + kPriceDelay;
}

}  // namespace hearth
