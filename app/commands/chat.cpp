// hearth, hearth chat: a conversation on a terminal.
#include <signal.h>
#include <unistd.h>

#include "app/commands/commands.h"
#include "app/line/line_chat.h"
#include "app/model_file.h"
#include "app/terminal_guard.h"
#include "engine/base/log.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

bool on_terminal() {
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace

Result<int> chat_command(const ChatArguments& arguments, const Program& program) {
    if (!on_terminal()) {
        if (!arguments.open.empty() || arguments.start_new) {
            return make_error(ErrorCode::usage,
                              "--open and --new need a terminal (hearth run answers one prompt)");
        }
        return run_command({.prompt = "-"}, program);
    }
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    HEARTH_TRY(const std::string model, find_model(program.options));
    HEARTH_TRY_VOID(check_budget(model, program.options));
    HEARTH_TRY(const auto store, Store::open(*program.data_dir, Access::write));
    (void)open_log(program.data_dir->log_file());  // a chat without a log is still a chat
    log("hearth {} begins, model {}", HEARTH_VERSION, printable_path(model));
    // Before the first thread: all of them are to have these blocked.
    HEARTH_TRY(SignalFd signals,
               SignalFd::create({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH}));
    HEARTH_TRY(TimerFd save_timer, TimerFd::create());
    HEARTH_TRY(const auto worker, Worker::create());
    const TerminalGuard guard;
    return LineChat(arguments, program, *program.data_dir, *store, *worker, signals, save_timer)
        .run(model);
}

}  // namespace hearth
