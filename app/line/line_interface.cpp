#include "app/line/line_interface.h"

#include <unistd.h>

#include <utility>

#include "app/planning.h"
#include "app/stats_table.h"
#include "app/transcript.h"
#include "app/turn_summary.h"
#include "engine/base/printable.h"

namespace hearth {

LineInterface::LineInterface(const Program& program, std::string history_file)
    : screen_(program.out, choose_emphasis(program.options.color, program.out.is_terminal(),
                                           program.environment.term, program.environment.no_color)),
      progress_(program.out, program.environment.term),
      plan_lines_(program.out, program.environment.term),
      editor_(std::move(history_file), slash_names(),
              {[this](const std::string& line) { on_line(line); },
               [this] { actions_.emplace_back(Leave{}); }}) {}

// --- input ---------------------------------------------------------------------------------------

std::vector<int> LineInterface::input_fds() const {
    return editor_.editing() ? std::vector<int>{STDIN_FILENO} : std::vector<int>();
}

std::vector<UserAction> LineInterface::read() {
    editor_.read();
    return std::exchange(actions_, {});
}

std::vector<UserAction> LineInterface::interrupted() {
    if (chat_ == nullptr || busy_) {
        asked_pack_ = false;
        editor_.abandon();
        return {Stop{}};
    }
    const std::string typed = editor_.text();
    const bool had_text = !typed.empty() || composer_.open();
    if (!typed.empty()) editor_.add_to_history(typed);
    composer_.clear();
    editor_.abandon();
    if (!had_text) screen_.note("Ctrl+D or /quit leaves");
    return {};
}

// Asks for the next line whenever nothing else is going on.
void LineInterface::settle() {
    if (chat_ == nullptr || busy_ || editor_.editing()) return;
    editor_.begin(screen_.prompt(composer_.open()));
}

void LineInterface::on_line(const std::string& line) {
    if (std::exchange(asked_pack_, false)) {
        const bool write = line.empty() ? packs_by_default_ : line[0] == 'y' || line[0] == 'Y';
        actions_.emplace_back(DecidePack{write});
        return;
    }
    if (!composer_.open() && is_slash_command(line)) {
        editor_.add_to_history(line);
        actions_.emplace_back(Say{line});
    } else if (auto message = composer_.feed(line)) {
        editor_.add_to_history(*message);
        if (message->starts_with("//")) message->erase(0, 1);
        actions_.emplace_back(SayLiterally{*std::move(message)});
    }
}

void LineInterface::close() {
    progress_.clear();
    editor_.abandon();
    screen_.end_answer();
}

// --- the engine ----------------------------------------------------------------------------------

void LineInterface::measuring_begun() {
    screen_.note(kMeasuringOnce);
}

void LineInterface::ask_pack(const PackOffer& offer) {
    plan_lines_.clear();
    screen_.note(
        fmt::format("This model does not fit in memory. A pack of its neurons makes it "
                    "faster: {}, in {}",
                    describe(offer), printable_path(offer.path)));
    asked_pack_ = true;
    editor_.begin(offer.is_sensible() ? "write it? [Y/n] "
                                      : "the disk is nearly full: write it? [y/N] ");
    packs_by_default_ = offer.is_sensible();
}

void LineInterface::models(std::span<const ModelListing> listed) {
    for (const ModelListing& one : listed) {
        screen_.block(fmt::format("{:<28} {}", one.file.file_name(), describe(one)));
    }
    screen_.note("/model NAME goes on with one of them");
}

void LineInterface::loading(const LoadProgress& progress) {
    plan_lines_.clear();
    progress_.update("loading", progress.bytes_done, progress.bytes_total);
}

void LineInterface::ready(const ModelReady& ready, const Chat& chat) {
    progress_.clear();
    busy_ = chat.busy();
    model_ = &ready;
    chat_ = &chat;
    screen_.note("hearth " HEARTH_VERSION " · " + describe(ready));
}

void LineInterface::reading(const PrefillProgress& progress) {
    progress_.update("reading", progress.tokens_done, progress.tokens_total);
}

void LineInterface::answering(const AnswerText& piece) {
    progress_.clear();
    screen_.answer_text(piece.text);
}

void LineInterface::turn_ended(const AnswerDone& done) {
    busy_ = false;
    progress_.clear();
    const bool answered = done.stats.ttft_ms > 0.0;  // not stopped before the first token
    if (answered) screen_.note(turn_summary(done.stats, model_->n_ctx));
    const std::string_view reason = why_it_ended(done.stop_reason);
    if (!reason.empty()) screen_.note(reason);
}

void LineInterface::turn_failed() {
    busy_ = false;
}

// --- the conversation ----------------------------------------------------------------------------

void LineInterface::opened() {
    screen_.tail(chat_->messages());
}

void LineInterface::show_all() {
    for (const Message& message : chat_->messages()) screen_.whole_message(message);
}

void LineInterface::error(const Error& error) {
    progress_.clear();
    screen_.error(error);
}

void LineInterface::page(std::string_view, std::string_view text) {
    screen_.block(text);
}

void LineInterface::found(std::span<const SearchHit> hits) {
    if (hits.empty()) screen_.note("nothing found");
    for (const SearchHit& hit : hits) {
        screen_.block(quoted_title(hit.conversation).str() + "\n    " + hit.excerpt);
    }
}

void LineInterface::ask_overflow(size_t, size_t) {
    screen_.note(
        "/shift sends without the oldest messages, /compact sums them up, /undo takes yours back "
        "to shorten it, /new "
        "begins a new conversation");
}

void LineInterface::show_dashboard(int, const HistoryRows& history) {
    screen_.block(stats_table(history.days, "day"));
}

void LineInterface::toggle_rail() {
    screen_.note("there is no rail line by line (/stats tells the numbers)");
}

void LineInterface::use_theme(const Theme&) {
    screen_.note("there are no themes line by line");
}

void LineInterface::conversations(std::span<const ConversationSummary> summaries) {
    if (summaries.empty()) screen_.note("no conversations");
    for (const ConversationSummary& one : summaries) screen_.block(list_line(one).str());
}

}  // namespace hearth
