// The subcommands. Each returns the exit code, or an error whose line main says.
#pragma once

#include "app/command_line.h"
#include "app/config.h"
#include "app/output.h"
#include "engine/base/result.h"

namespace hearth {

inline constexpr int kExitDone = 0;
inline constexpr int kExitInterrupted = 130;

// What a command works with: what was set, where files are, where output goes.
struct Program {
    const Options& options;
    const Environment& environment;
    const Result<DataDir>& data_dir;  // an error where there is no home: not every command needs it
    const Config& config;             // where the options come from
    Output& out;
    Output& err;
};

Result<int> chat_command(const ChatArguments& arguments, const Program& program);
Result<int> run_command(const RunArguments& arguments, const Program& program);
Result<int> inspect_command(const InspectArguments& arguments, const Program& program);
Result<int> history_command(const HistoryArguments& arguments, const Program& program);
Result<int> pack_command(const PackArguments& arguments, const Program& program);
Result<int> plan_command(const PlanArguments& arguments, const Program& program);
Result<int> character_command(const CharacterArguments& arguments, const Program& program);
Result<int> config_command(const ConfigArguments& arguments, const Program& program);
Result<int> doctor_command(const Program& program);
Result<int> top_command(const TopArguments& arguments, const Program& program);
Result<int> stats_command(const StatsArguments& arguments, const Program& program);

}  // namespace hearth
