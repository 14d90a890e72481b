// hearth run: one prompt, one answer.
#include <signal.h>
#include <unistd.h>

#include <optional>

#include "app/attachments.h"
#include "app/code_blocks.h"
#include "app/commands/commands.h"
#include "app/event_loop.h"
#include "app/generation.h"
#include "app/model_file.h"
#include "app/planning.h"
#include "app/progress.h"
#include "app/prompt.h"
#include "app/stats_json.h"
#include "app/trace_json.h"
#include "app/worker.h"

namespace hearth {
namespace {

constexpr size_t kMaxPromptBytes = 64 << 20;

// The prompt as the model gets it. A line end that the shell put behind a piped prompt is not part
// of a message; --raw takes every byte.
Result<std::string> read_prompt(const RunArguments& arguments) {
    if (arguments.prompt && *arguments.prompt != "-") return *arguments.prompt;
    if (!arguments.prompt && ::isatty(STDIN_FILENO) == 1) {
        return make_error(ErrorCode::usage,
                          "run: no prompt (hearth run 'text', or text on standard input)");
    }
    HEARTH_TRY(std::string prompt, read_standard_input(kMaxPromptBytes));
    if (!arguments.raw && prompt.ends_with('\n')) prompt.pop_back();
    return prompt;
}

std::vector<ChatMessage> messages(const std::string& prompt, const RunArguments& arguments,
                                  const Options& options) {
    std::vector<ChatMessage> messages;
    if (!arguments.raw && !options.system.empty()) messages.push_back({"system", options.system});
    messages.push_back({"user", prompt});
    return messages;
}

// The prompt with the files that go along.
Result<std::string> with_files(const std::string& prompt, const RunArguments& arguments) {
    if (arguments.files.empty()) return prompt;
    Message message;
    message.content = prompt;
    for (const std::string& file : arguments.files) {
        HEARTH_TRY(const Attachment attachment, read_attachment(file));
        message.parts.push_back(to_part(attachment));
    }
    return model_text(message);
}

// Drives the worker through loading and one generation.
class Run {
  public:
    Run(const RunArguments& arguments, const Program& program, Worker& worker, SignalFd& signals)
        : arguments_(arguments),
          program_(program),
          worker_(worker),
          signals_(signals),
          progress_(program.err, program.environment.term) {}

    Result<int> go(const std::string& model, std::optional<Plan> plan, const std::string& prompt) {
        prompt_ = prompt;
        loop_.watch(worker_.event_fd(), [this] { on_events(); });
        loop_.watch(signals_.fd(), [this] {
            while (signals_.next()) interrupt();
        });
        LoadModel load{model, program_.options.isa, program_.options.memory, std::move(plan),
                       session_options(program_.options)};
        if (program_.data_dir) load.plans_folder = program_.data_dir->plans();
        worker_.post(std::move(load));
        HEARTH_TRY_VOID(loop_.run());
        progress_.clear();
        if (error_) return tl::unexpected(*error_);
        return interrupted_ ? kExitInterrupted : kExitDone;
    }

  private:
    void interrupt() {
        interrupted_ = true;
        worker_.stop();
    }

    void fail(Error error) {
        error_ = std::move(error);
        loop_.quit();
    }

    void on_events() {
        for (const ChatEvent& event : worker_.take_events()) {
            std::visit([this](const auto& one) { handle(one); }, event);
        }
    }

    void handle(const LoadProgress& load) {
        progress_.update("loading", load.bytes_done, load.bytes_total);
    }

    void handle(const ModelReady& ready) {
        progress_.clear();
        for (const std::string& warning : ready.warnings) {
            if (arguments_.raw) break;  // nearly all are about chat templates
            (void)program_.err.print(safe_line("hearth: " + warning) + SafeText::literal("\n"));
        }
        Generate generate;
        generate.messages = messages(prompt_, arguments_, program_.options);
        generate.raw = arguments_.raw;
        generate.trace = !arguments_.trace_file.empty();
        generate.options = generate_options(program_.options);
        worker_.post(std::move(generate));
        if (interrupted_) worker_.stop();
    }

    void handle(const PrefillProgress& prefill) {
        progress_.update("reading the prompt", prefill.tokens_done, prefill.tokens_total);
    }

    void handle(const AnswerText& answer) {
        progress_.clear();
        text_ += answer.text;
        if (arguments_.json || arguments_.code_only) return;
        write(answer.text);
    }

    void handle(const AnswerDone& done) {
        if (!arguments_.trace_file.empty()) {
            const std::string trace = trace_json(done.trace);
            const auto written =
                write_file_atomically(arguments_.trace_file, std::as_bytes(std::span(trace)));
            if (!written) fail(written.error());
        }
        if (arguments_.json) {
            const bool ascii = program_.out.is_terminal();
            write(run_report_json({done.tokens, text_, done.stop_reason, done.stats}, ascii) +
                  "\n");
        } else if (arguments_.code_only) {
            const auto blocks = code_blocks(text_);
            if (blocks.empty()) {
                return fail({ErrorCode::usage, "run: the answer holds no code block"});
            }
            write(blocks.front().text);
        } else if (!text_.ends_with('\n')) {
            write("\n");
        }
        loop_.quit();
    }

    void handle(const PromptPriced&) {}  // nobody asks here
    void handle(const TokensCounted&) {}
    void handle(const ModelLeft&) {}

    void handle(const WorkFailed& failed) {
        if (failed.error.code == ErrorCode::cancelled) return loop_.quit();
        fail(failed.error);
    }

    // A reader that went away ends the work quietly.
    void write(std::string_view text) {
        const auto written = program_.out.print_text(text);
        if (!written) return fail(written.error());
        if (program_.out.closed()) worker_.stop();
    }

    const RunArguments& arguments_;
    const Program& program_;
    Worker& worker_;
    SignalFd& signals_;
    EventLoop loop_;
    ProgressLine progress_;
    std::string prompt_;
    std::string text_;
    bool interrupted_ = false;
    std::optional<Error> error_;
};

}  // namespace

Result<int> run_command(const RunArguments& arguments, const Program& program) {
    HEARTH_TRY(const std::string model, find_model(program.options));
    HEARTH_TRY(const std::string said, read_prompt(arguments));
    HEARTH_TRY(const std::string prompt, with_files(said, arguments));
    HEARTH_TRY(SignalFd signals, SignalFd::create({SIGINT, SIGTERM, SIGHUP}));
    program.out.give_up_on(signals.fd());
    HEARTH_TRY(std::optional<Plan> plan, plan_on_lines(model, program, signals));
    HEARTH_TRY(const auto worker, Worker::create());
    return Run(arguments, program, *worker, signals).go(model, std::move(plan), prompt);
}

}  // namespace hearth
