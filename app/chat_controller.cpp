#include "app/chat_controller.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <utility>

#include "app/generation.h"
#include "app/turn_summary.h"
#include "app/ui/message_lines.h"
#include "engine/base/log.h"

namespace hearth {
namespace {

constexpr int kSignalExit = 128;  // a shell's exit code for a signal is this and its number

// Stops this process as the terminal's Ctrl+Z would; returns when it is continued. Where nobody
// could continue it (an orphaned process group) the kernel ignores it.
void stop_process() {
    sigset_t tstp;
    sigemptyset(&tstp);
    sigaddset(&tstp, SIGTSTP);
    ::raise(SIGTSTP);
    ::pthread_sigmask(SIG_UNBLOCK, &tstp, nullptr);  // it is delivered here
    ::pthread_sigmask(SIG_BLOCK, &tstp, nullptr);
}

}  // namespace

ChatController::ChatController(const ChatArguments& arguments, const Program& program, Store& store,
                               EngineMonitor& monitor, LaunchPlanner& planner, Worker& worker,
                               SignalFd& signals, TimerFd& save_timer, UserInterface& face)
    : arguments_(arguments),
      program_(program),
      store_(store),
      monitor_(monitor),
      planner_(planner),
      worker_(worker),
      signals_(signals),
      save_timer_(save_timer),
      face_(face),
      options_(program.options) {
    const uint64_t kept = options_.snapshot_bytes;
    if (program.data_dir && kept > 0) kv_ = {program.data_dir->kv_snapshots(), kept};
}

Result<int> ChatController::run(const std::string& path) {
    loop_.watch(signals_.fd(), [this] {
        on_signals();
        settle();
    });
    loop_.watch(worker_.event_fd(), [this] {
        on_worker();
        settle();
    });
    loop_.watch(planner_.event_fd(), [this] {
        on_planner();
        settle();
    });
    loop_.watch(save_timer_.fd(), [this] { on_timer(); });
    watch_feed();
    prepare(path);
    settle();
    const auto ran = loop_.run();
    face_.close();
    HEARTH_TRY_VOID(ran);
    if (error_) return tl::unexpected(*error_);
    return exit_code_;
}

// A chat that nobody can look into is still a chat.
void ChatController::watch_feed() {
    auto feed = EngineFeed::create(*program_.data_dir, monitor_);
    if (!feed) return log("{}", feed.error().message);
    feed_.emplace(*std::move(feed));
    loop_.watch(feed_->listen_fd(), [this] { feed_->on_connect(); });
    loop_.watch(feed_->timer_fd(), [this] { feed_->on_timer(); });
}

// After everything that happened. A face listens to different things at different times.
void ChatController::settle() {
    if (!leaving_) face_.settle();
    const std::vector<int> wanted = leaving_ ? std::vector<int>() : face_.input_fds();
    if (wanted == watched_) return;
    for (const int fd : watched_) loop_.unwatch(fd);
    watched_ = wanted;
    for (const int fd : watched_) {
        loop_.watch(fd, [this] {
            for (const UserAction& action : face_.read()) act(action);
            settle();
        });
    }
}

// --- signals -------------------------------------------------------------------------------------

void ChatController::on_signals() {
    while (const auto signal = signals_.next()) {
        switch (*signal) {
            case SIGINT:
                for (const UserAction& action : face_.interrupted()) act(action);
                break;
            case SIGTSTP:
                suspend();
                break;
            case SIGWINCH:
                face_.resized();
                break;
            default:
                quit(kSignalExit + *signal);  // SIGTERM, SIGHUP, SIGQUIT
        }
    }
}

void ChatController::suspend() {
    face_.suspend();
    stop_process();
    face_.resume();
}

// Leaves when the answer that is being written has been stopped and saved.
void ChatController::quit(int exit_code) {
    exit_code_ = exit_code;
    leaving_ = true;
    queued_.reset();
    if (chat_ && chat_->busy()) return chat_->stop();
    planner_.stop();
    worker_.stop();  // a loading
    loop_.quit();
}

// --- the engine ----------------------------------------------------------------------------------

void ChatController::on_worker() {
    for (const ChatEvent& event : worker_.take_events()) {
        std::visit([this](const auto& one) { handle(one); }, event);
    }
}

void ChatController::handle(const PrefillProgress& prefill) {
    monitor_.read(prefill, Clock::now());
    face_.reading(prefill);
}

void ChatController::handle(const AnswerText& text) {
    chat_->take(text);
    monitor_.text(text, is_thinking(chat_->messages().back().content), Clock::now());
    face_.answering(text);
}

void ChatController::handle(const AnswerDone& done) {
    if (chat_->summarising()) return summary_over(done);
    tell_unsaved(chat_->take(done));
    monitor_.end(done, Clock::now());
    face_.turn_ended(done);
    turn_over();
}

void ChatController::handle(const PromptPriced& priced) {
    face_.priced({priced.prompt_tokens, priced.tokens_to_read});
}

void ChatController::handle(const TokensCounted& counted) {
    face_.note(fmt::format("{}: {} tokens, with your next message", counted.what, counted.tokens));
}

void ChatController::handle(const WorkFailed& failed) {
    if (!is_ready()) return model_failed(failed.error);
    if (!chat_->busy()) return;  // a price that could not be told
    const bool was_summary = chat_->summarising();
    const bool too_long = failed.prompt_tokens > 0 && !was_summary;
    const bool is_settled =
        options_.overflow == Overflow::shift || options_.overflow == Overflow::summarise;
    if (!too_long || !is_settled) face_.error(failed.error);
    tell_unsaved(chat_->take(failed));
    monitor_.fail(Clock::now());
    face_.turn_failed();
    turn_over();
    if (failed.prompt_tokens == 0 || leaving_) return;
    if (was_summary) return face_.ask_overflow(failed.prompt_tokens, model_->n_ctx);
    overflow(failed.prompt_tokens);
}

// Never silently: what is left out is said and marked, and the last message is always sent.
void ChatController::overflow(size_t prompt_tokens) {
    switch (options_.overflow) {
        case Overflow::ask:
            return face_.ask_overflow(prompt_tokens, model_->n_ctx);
        case Overflow::shift:
            return act(SlashLine{Verb::shift, ""});
        case Overflow::summarise:
            return act(SlashLine{Verb::compact, ""});
        case Overflow::error:
            return face_.note("/shift sends without the oldest messages, /undo takes yours back");
    }
}

// A summary stands where the oldest messages stood; a message that waited for it is answered.
void ChatController::summary_over(AnswerDone done) {
    const size_t before = chat_->left_out();
    const auto taken = chat_->take(done);
    monitor_.end(done, Clock::now());
    if (done.stop_reason == StopReason::length) done.stop_reason = StopReason::end_of_turn;
    face_.turn_ended(done);
    if (!taken) face_.error(taken.error());
    if (chat_->left_out() == before) return turn_over();
    face_.note(
        fmt::format("a summary is sent for the first {} messages from now on; they stay here",
                    chat_->left_out()));
    face_.opened();
    if (!chat_->busy()) return turn_over();
    if (leaving_) return chat_->stop();
    (void)begun({});
}

// The answer ended, one way or the other.
void ChatController::turn_over() {
    if (!chat_->has_unsaved()) save_timer_.stop();
    if (leaving_) return loop_.quit();
    if (!queued_) return;
    const std::string text = *std::exchange(queued_, std::nullopt);
    face_.queued("");
    const bool whole = chat_->messages().back().state == MessageState::done;
    if (whole) return act(SayLiterally{text});
    face_.preset(text);  // the person stopped: what comes next is theirs to say
}

void ChatController::on_timer() {
    save_timer_.drain();
    if (!chat_) return;
    const bool waited = !chat_->busy() && chat_->has_unsaved();
    tell_unsaved(chat_->save());
    if (!waited || chat_->has_unsaved()) return;
    save_timer_.stop();
    face_.note("saved");
    face_.settle();
}

// Says it once, until saving works again.
void ChatController::tell_unsaved(const Result<void>& saved) {
    if (!saved && !unsaved_told_) {
        face_.error({saved.error().code, "not saved: " + saved.error().message});
    }
    unsaved_told_ = !saved;
}

}  // namespace hearth
