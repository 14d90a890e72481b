// The program `hearth`: the parts in order, and the only way out.
#include <fmt/format.h>
#include <langinfo.h>
#include <signal.h>
#include <unistd.h>

#include <clocale>
#include <cstring>
#include <new>

#include "app/command_line.h"
#include "app/commands/commands.h"
#include "app/config.h"
#include "app/output.h"
#include "storage/data_dir.h"

namespace hearth {
namespace {

constexpr size_t kMaxErrorBytes = 240;
constexpr const char* kSystemConfig = "/etc/xdg/hearth/config.toml";

// Everything in the program is UTF-8, so a locale that is not gets the C one with UTF-8.
void set_locale() {
    std::setlocale(LC_CTYPE, "");
    if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
}

struct RunCommand {
    const Program& program;
    Result<int> operator()(const ChatArguments& chat) { return chat_command(chat, program); }
    Result<int> operator()(const RunArguments& run) { return run_command(run, program); }
    Result<int> operator()(const InspectArguments& inspect) {
        return inspect_command(inspect, program);
    }
    Result<int> operator()(const HistoryArguments& history) {
        return history_command(history, program);
    }
    Result<int> operator()(const PackArguments& pack) { return pack_command(pack, program); }
    Result<int> operator()(const PlanArguments& plan) { return plan_command(plan, program); }
    Result<int> operator()(const TopArguments& top) { return top_command(top, program); }
    Result<int> operator()(const StatsArguments& stats) { return stats_command(stats, program); }
    Result<int> operator()(const CharacterArguments& character) {
        return character_command(character, program);
    }
    Result<int> operator()(const ConfigArguments& config) {
        return config_command(config, program);
    }
    Result<int> operator()(const DoctorArguments&) { return doctor_command(program); }
    Result<int> operator()(const PrintText& print) {
        HEARTH_TRY_VOID(program.out.print(SafeText::literal(print.text)));
        return kExitDone;
    }
};

Result<int> run_program(std::span<const std::string> arguments, Output& out, Output& err) {
    HEARTH_TRY(const CommandLine command_line, parse_command_line(arguments));
    const Environment environment = read_environment();
    const Result<DataDir> data_dir = DataDir::resolve(environment.directories);
    ConfigFiles files{data_dir ? data_dir->config_file() : ""};
    files.project = find_project_file();
    if (environment.directories.hearth_home.empty()) files.system = kSystemConfig;
    HEARTH_TRY(const Config config, load_config(files, environment, command_line.settings));
    for (const std::string& warning : config.warnings) {
        HEARTH_TRY_VOID(err.print(safe_line("hearth: " + warning) + SafeText::literal("\n")));
    }
    const Program program{config.options, environment, data_dir, config, out, err};
    return std::visit(RunCommand{program}, command_line.command);
}

// The one place that says errors: one line of at most kMaxErrorBytes.
int report(const Error& error, Output& err) {
    std::string line = safe_line("hearth: " + error.message).str();
    if (line.size() > kMaxErrorBytes) {
        size_t end = kMaxErrorBytes - 3;
        while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
        line = line.substr(0, end) + "...";
    }
    (void)err.print(SafeText::literal(line + "\n"));
    return static_cast<int>(error.code);
}

}  // namespace
}  // namespace hearth

int main(int argc, char** argv) {
    using namespace hearth;
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a file size limit is a full disk: an error, not a death
    ::signal(SIGXFSZ, SIG_IGN);  // a file larger than allowed is an error of that write
    set_locale();
    Output out(STDOUT_FILENO, "standard output");
    Output err(STDERR_FILENO, "standard error");
    try {
        const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        const auto exit_code = run_program(arguments, out, err);
        return exit_code ? *exit_code : report(exit_code.error(), err);
    } catch (const std::bad_alloc&) {
        return report({ErrorCode::machine, "out of memory"}, err);
    }
}
