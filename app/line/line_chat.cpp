#include "app/line/line_chat.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/generation.h"
#include "app/line/turn_summary.h"

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

LineChat::LineChat(const ChatArguments& arguments, const Program& program, const DataDir& data_dir,
                   Store& store, Worker& worker, SignalFd& signals, TimerFd& save_timer)
    : arguments_(arguments),
      store_(store),
      worker_(worker),
      signals_(signals),
      save_timer_(save_timer),
      options_(program.options),
      screen_(program.out, choose_style(program.options.color, program.out.is_terminal(),
                                        program.environment.term, program.environment.no_color)),
      progress_(program.out, program.environment.term),
      editor_(make_private_file(data_dir.input_history()) ? data_dir.input_history() : "",
              slash_names(),
              {[this](const std::string& line) { on_line(line); }, [this] { quit(kExitDone); }}) {}

Result<int> LineChat::run(const std::string& path) {
    loop_.watch(signals_.fd(), [this] { on_signals(); });
    loop_.watch(worker_.event_fd(), [this] { on_worker(); });
    loop_.watch(save_timer_.fd(), [this] { on_timer(); });
    worker_.post(LoadModel{path, options_.isa, session_options(options_)});
    HEARTH_TRY_VOID(loop_.run());
    progress_.clear();
    screen_.end_answer();
    if (error_) return tl::unexpected(*error_);
    return exit_code_;
}

// --- signals -------------------------------------------------------------------------------------

void LineChat::on_signals() {
    while (const auto signal = signals_.next()) {
        switch (*signal) {
            case SIGINT:
                on_interrupt();
                break;
            case SIGTSTP:
                suspend();
                break;
            case SIGWINCH:
                editor_.resized();
                break;
            default:
                quit(kSignalExit + *signal);  // SIGTERM, SIGHUP, SIGQUIT
        }
    }
}

void LineChat::on_interrupt() {
    if (!chat_) return quit(kExitInterrupted);  // while loading
    if (chat_->busy()) return chat_->stop();
    const std::string typed = editor_.text();
    const bool had_text = !typed.empty() || composer_.open();
    if (!typed.empty()) editor_.add_to_history(typed);
    composer_.clear();
    loop_.unwatch(STDIN_FILENO);
    editor_.abandon();
    if (!had_text) screen_.note("Ctrl+D or /quit leaves");
    ask();
}

void LineChat::suspend() {
    editor_.suspend();
    stop_process();
    editor_.resume();
}

// Leaves when the answer that is being written has been stopped and saved.
void LineChat::quit(int exit_code) {
    exit_code_ = exit_code;
    leaving_ = true;
    loop_.unwatch(STDIN_FILENO);
    editor_.abandon();
    if (chat_ && chat_->busy()) return chat_->stop();
    worker_.stop();  // a loading
    loop_.quit();
}

// --- the engine ----------------------------------------------------------------------------------

void LineChat::on_worker() {
    for (const ChatEvent& event : worker_.take_events()) {
        std::visit([this](const auto& one) { handle(one); }, event);
    }
}

void LineChat::handle(const LoadProgress& load) {
    progress_.update("loading", load.bytes_done, load.bytes_total);
}

void LineChat::handle(const ModelReady& ready) {
    progress_.clear();
    model_ = ready;
    screen_.note("hearth " HEARTH_VERSION " · " + describe(ready));
    for (const std::string& warning : ready.warnings) screen_.note(warning);
    chat_ = std::make_unique<Chat>(store_, worker_, *model_, options_);
    if (const auto opened = open_first_conversation(); !opened) {
        error_ = opened.error();
        return quit(kExitDone);
    }
    ask();
}

void LineChat::handle(const PrefillProgress& prefill) {
    progress_.update("reading", prefill.tokens_done, prefill.tokens_total);
}

void LineChat::handle(const AnswerText& text) {
    progress_.clear();
    chat_->take(text);
    screen_.answer_text(text.text);
}

void LineChat::handle(const AnswerDone& done) {
    progress_.clear();
    warn_unsaved(chat_->take(done));
    const bool answered = done.stats.ttft_ms > 0.0;  // not stopped before the first token
    if (answered) screen_.note(turn_summary(done.stats, model_->n_ctx));
    const std::string_view reason = why_it_ended(done.stop_reason);
    if (!reason.empty()) screen_.note(reason);
    ask();
}

void LineChat::handle(const WorkFailed& failed) {
    progress_.clear();
    if (!chat_) {
        if (failed.error.code != ErrorCode::cancelled) error_ = failed.error;
        exit_code_ = kExitInterrupted;
        return loop_.quit();
    }
    screen_.error(failed.error);
    if (failed.error.code == ErrorCode::usage) {
        screen_.note("/undo takes the message back to shorten it, /new begins a new conversation");
    }
    warn_unsaved(chat_->take(failed));
    ask();
}

void LineChat::on_timer() {
    save_timer_.drain();
    if (chat_) warn_unsaved(chat_->save());
}

// Says it once, until saving works again.
void LineChat::warn_unsaved(const Result<void>& saved) {
    if (!saved && !unsaved_told_) {
        screen_.error({saved.error().code, "not saved: " + saved.error().message});
    }
    unsaved_told_ = !saved;
}

// --- the person ----------------------------------------------------------------------------------

void LineChat::ask() {
    save_timer_.stop();
    if (leaving_) return loop_.quit();
    editor_.begin(screen_.prompt(composer_.open()));
    loop_.watch(STDIN_FILENO, [this] { editor_.read(); });
}

void LineChat::on_line(const std::string& line) {
    loop_.unwatch(STDIN_FILENO);
    if (!composer_.open() && is_slash_command(line)) {
        editor_.add_to_history(line);
        const auto command = parse_slash_command(line);
        const auto done = command ? execute(*command) : tl::unexpected(command.error());
        if (!done) screen_.error(done.error());
    } else if (auto message = composer_.feed(line)) {
        editor_.add_to_history(*message);
        if (message->starts_with("//")) message->erase(0, 1);
        const bool blank = message->find_first_not_of(" \t\n") == std::string::npos;
        const auto sent = blank ? Result<void>() : chat_->send(*message);
        if (!sent) screen_.error({sent.error().code, "not saved: " + sent.error().message});
    }
    if (!chat_->busy()) return ask();
    save_timer_.start(Chat::kSaveInterval);
}

}  // namespace hearth
