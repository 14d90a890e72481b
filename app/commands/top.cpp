// hearth top: the engine of a running chat, in a second terminal.
#include <signal.h>
#include <unistd.h>

#include "app/commands/commands.h"
#include "app/open_terminal.h"
#include "app/terminal_guard.h"
#include "app/top/top_screen.h"

namespace hearth {

Result<int> top_command(const TopArguments& arguments, const Program& program) {
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    const auto pid = arguments.pid == 0 ? std::nullopt : std::optional(pid_t{arguments.pid});
    HEARTH_TRY(EngineClient client, EngineClient::connect(program.data_dir->runtime(), pid));
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) {
        return make_error(ErrorCode::usage, "top: needs a terminal (hearth stats prints numbers)");
    }
    HEARTH_TRY(SignalFd signals, SignalFd::create({SIGTERM, SIGHUP, SIGQUIT, SIGWINCH}));
    const TerminalGuard guard;
    HEARTH_TRY(auto terminal, open_terminal(program));
    return TopScreen(program, std::move(client), std::move(terminal), signals).run();
}

}  // namespace hearth
