// hearth, hearth chat: a conversation on a terminal.
#include <signal.h>
#include <unistd.h>

#include "app/answer_samples.h"
#include "app/chat_controller.h"
#include "app/commands/commands.h"
#include "app/line/line_interface.h"
#include "app/model_file.h"
#include "app/open_terminal.h"
#include "app/short_slices.h"
#include "app/terminal_guard.h"
#include "app/ui/headless.h"
#include "app/ui/screen.h"
#include "engine/base/log.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

bool on_terminal() {
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

Result<std::unique_ptr<UserInterface>> open_screen(const Program& program, std::string history,
                                                   const EngineMonitor& monitor) {
    HEARTH_TRY(auto terminal, open_terminal(program));
    Screen::Setup setup;
    setup.history_file = std::move(history);
    setup.editor = program.environment.editor;
    setup.draft_folder = program.data_dir->state();
    setup.rail = program.options.rail == Switch::on;
    setup.slow_line = program.environment.over_ssh;
    return Screen::create(std::move(terminal), monitor, std::move(setup));
}

// The full screen where the terminal can show it, line by line elsewhere and on request.
Result<std::unique_ptr<UserInterface>> make_face(const ChatArguments& arguments,
                                                 const Program& program,
                                                 const EngineMonitor& monitor) {
    const DataDir& data_dir = *program.data_dir;
    const std::string history =
        make_private_file(data_dir.input_history()) ? data_dir.input_history() : "";
    const std::string& term = program.environment.term;
    const bool capable = !term.empty() && term != "dumb";
    if (arguments.headless) return Headless::create(program.out);
    if (arguments.line_by_line || !capable) {
        return std::make_unique<LineInterface>(program, history);
    }
    return open_screen(program, history, monitor);
}

}  // namespace

Result<int> chat_command(const ChatArguments& arguments, const Program& program) {
    if (!arguments.headless && !on_terminal()) {
        if (!arguments.open.empty() || arguments.start_new) {
            return make_error(ErrorCode::usage,
                              "--open and --new need a terminal (hearth run answers one prompt)");
        }
        return run_command({.prompt = "-"}, program);
    }
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    HEARTH_TRY(const std::string model, find_model(program.options));
    HEARTH_TRY(const auto store, Store::open(*program.data_dir, Access::write));
    store->run_stats().use_machine(machine_name());
    (void)open_log(program.data_dir->log_file());  // a chat without a log is still a chat
    log("hearth {} begins, model {}", HEARTH_VERSION, printable_path(model));
    // Before the first thread: all of them are to have these blocked.
    HEARTH_TRY(SignalFd signals,
               SignalFd::create({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH}));
    HEARTH_TRY(TimerFd save_timer, TimerFd::create());
    HEARTH_TRY(const auto planner, LaunchPlanner::create());
    HEARTH_TRY(const auto worker, Worker::create());
    const TerminalGuard guard;
    ask_for_short_slices();
    EngineMonitor monitor;
    HEARTH_TRY(const auto face, make_face(arguments, program, monitor));
    return ChatController(arguments, program, *store, monitor, *planner, *worker, signals,
                          save_timer, *face)
        .run(model);
}

}  // namespace hearth
