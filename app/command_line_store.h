// The subcommands about what is stored, as CLI11 sees them. Their arguments are in command_line.h.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"

namespace hearth {

// hearth history and its actions. Declared on an app, which fills `history` while parsing.
struct HistoryCommands {
    HistoryCommands(CLI::App& app, HistoryArguments& history);
    HistoryArguments arguments(HistoryArguments history) const;

    CLI::App* root = nullptr;

  private:
    CLI::App* add(HistoryArguments::Action action, const char* name, const char* help);

    std::vector<std::pair<HistoryArguments::Action, CLI::App*>> actions_;
};

// hearth stats. Returns the subcommand.
CLI::App* add_stats_command(CLI::App& app, StatsArguments& stats);

}  // namespace hearth
