// hearth config: what is set, where it comes from, and the file it is set in.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/commands/commands.h"
#include "engine/base/file.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

using Action = ConfigArguments::Action;

// "sampling.temp"
std::string full_name(const Setting& setting) {
    return setting.table.empty() ? std::string(setting.name)
                                 : fmt::format("{}.{}", setting.table, setting.name);
}

Result<void> show(const ConfigArguments& arguments, const Program& program) {
    for (const Setting& setting : all_settings()) {
        std::string value = setting.show(program.options);
        if (value.empty()) value = "(none)";
        std::string line = fmt::format("{:<28} {}", full_name(setting), printable(value, 60));
        if (arguments.origin) {
            line = fmt::format("{:<52} {}", line, program.config.origin_of(setting));
        }
        HEARTH_TRY_VOID(program.out.print(safe_line(line) + SafeText::literal("\n")));
    }
    return {};
}

// The editor the person chose, on the terminal of this program.
Result<void> run_editor(const std::string& editor, const std::string& path) {
    const pid_t child = ::fork();
    if (child < 0) return make_error(ErrorCode::machine, "cannot start {}", printable(editor));
    if (child == 0) {
        // By the shell: EDITOR may hold flags ("code -w").
        const std::string command = editor + " \"$1\"";
        ::execl("/bin/sh", "sh", "-c", command.c_str(), "sh", path.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return make_error(ErrorCode::machine, "{}: the editor did not end well (set EDITOR)",
                      printable(editor));
}

Result<void> check(const std::string& path, const Program& program) {
    HEARTH_TRY(const auto warnings, check_config_file(path));
    for (const std::string& warning : warnings) {
        HEARTH_TRY_VOID(program.out.print(safe_line(warning) + SafeText::literal("\n")));
    }
    if (!warnings.empty()) return {};
    return program.out.print(safe_line(path) + SafeText::literal(": right\n"));
}

Result<void> edit(const std::string& path, const Program& program) {
    if (::isatty(STDIN_FILENO) != 1) {
        return make_error(ErrorCode::usage, "config edit: needs a terminal (the file is {})",
                          printable_path(path));
    }
    HEARTH_TRY_VOID(program.data_dir->create());
    if (::access(path.c_str(), F_OK) != 0) {
        const std::string example = example_config();
        HEARTH_TRY_VOID(write_file_atomically(path, std::as_bytes(std::span(example))));
    }
    const std::string& editor = program.environment.editor;
    HEARTH_TRY_VOID(run_editor(editor.empty() ? "vi" : editor, path));
    return check(path, program);
}

}  // namespace

Result<int> config_command(const ConfigArguments& arguments, const Program& program) {
    if (arguments.action == Action::show) {
        HEARTH_TRY_VOID(show(arguments, program));
        return kExitDone;
    }
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    const std::string path = program.data_dir->config_file();
    switch (arguments.action) {
        case Action::path:
            HEARTH_TRY_VOID(program.out.print(safe_line(path) + SafeText::literal("\n")));
            break;
        case Action::edit:
            HEARTH_TRY_VOID(edit(path, program));
            break;
        default:
            HEARTH_TRY_VOID(check(path, program));
    }
    return kExitDone;
}

}  // namespace hearth
