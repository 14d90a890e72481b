// The subcommands about what is stored, as CLI11 sees them. Their arguments are in command_line.h.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <utility>
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

// The other subcommands that need no engine: stats, char, config, doctor, completions. Declared on
// an app; chosen() tells after parsing.
class HouseholdCommands {
  public:
    explicit HouseholdCommands(CLI::App& app);
    HouseholdCommands(const HouseholdCommands&) = delete;  // the app writes into it
    HouseholdCommands& operator=(const HouseholdCommands&) = delete;
    // The one that was given; nullopt when none of these was.
    std::optional<Command> chosen() const;

  private:
    void add_stats();
    void add_characters();
    void add_config();

    CLI::App& app_;
    StatsArguments stats_;
    CharacterArguments character_;
    ConfigArguments config_;
    std::string shell_;
    CLI::App* stats_command_ = nullptr;
    CLI::App* doctor_command_ = nullptr;
    CLI::App* completions_command_ = nullptr;
    std::vector<std::pair<CharacterArguments::Action, CLI::App*>> character_actions_;
    std::vector<std::pair<ConfigArguments::Action, CLI::App*>> config_actions_;
};

}  // namespace hearth
