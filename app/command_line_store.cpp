#include "app/command_line_store.h"

#include <tuple>

#include "app/completions.h"

namespace hearth {
namespace {

using Action = HistoryArguments::Action;

}  // namespace

CLI::App* HistoryCommands::add(Action action, const char* name, const char* help) {
    return actions_.emplace_back(action, root->add_subcommand(name, help)).second;
}

HistoryCommands::HistoryCommands(CLI::App& app, HistoryArguments& history) {
    root = app.add_subcommand("history", "the conversations on this machine");
    root->require_subcommand(1, 1);
    const auto add_id = [&history](CLI::App* command) {
        command->add_option("ID", history.conversation, "number, or beginning of the uid")
            ->required();
    };
    const auto add_filters = [&history](CLI::App* command) {
        command->add_option("-n,--limit", history.limit, "at most this many")->type_name("N");
        command->add_option("--tag", history.tag, "only those with this tag")->type_name("TAG");
        command->add_flag("--json", history.json, "as JSON lines");
    };

    add_filters(add(Action::list, "list", "all conversations, newest first"));
    add_id(add(Action::show, "show", "one conversation"));
    CLI::App* search = add(Action::search, "search", "messages with these words, newest first");
    search->add_option("WORDS", history.words, "all of them; \"a phrase\" as it stands")
        ->required();
    add_filters(search);

    CLI::App* export_ =
        add(Action::export_, "export", "conversations as documents, or everything as one archive");
    export_->add_option("ID", history.conversations, "these; without any, all");
    export_->add_option("--format", history.format, "md, txt, json, jsonl, or archive (zstd)")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"md", "txt", "json", "jsonl", "archive"}));
    export_->add_option("-o,--output", history.file, "write here; its ending says the format")
        ->type_name("FILE");
    CLI::App* import_ = add(Action::import_, "import",
                            "what export wrote as archive or jsonl; nothing is replaced");
    import_->add_option("FILE", history.file, "the archive")->required();

    CLI::App* rename = add(Action::rename, "rename", "another title");
    add_id(rename);
    rename->add_option("TITLE", history.words, "the title")->required();
    CLI::App* tag = add(Action::tag, "tag", "put tags on a conversation");
    add_id(tag);
    tag->add_option("TAG", history.words, "one word each")->required();
    tag->add_flag("--remove", history.take_away, "take them away");
    CLI::App* remove = add(Action::remove, "delete", "remove a conversation for good");
    add_id(remove);
    remove->add_flag("--yes", history.yes, "do not ask");
    CLI::App* backup = add(Action::backup, "backup", "a copy of the whole database");
    backup->add_option("FILE", history.file, "where; without it among the dated backups");
}

HistoryArguments HistoryCommands::arguments(HistoryArguments history) const {
    for (const auto& [action, command] : actions_) {
        if (command->parsed()) history.action = action;
    }
    return history;
}

HouseholdCommands::HouseholdCommands(CLI::App& app) : app_(app) {
    add_stats();
    add_characters();
    add_config();
    doctor_command_ =
        app.add_subcommand("doctor", "what this machine, terminal and model are fit for");
    completions_command_ = app.add_subcommand("completions", "a script for the shell");
    completions_command_->add_option("SHELL", shell_, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

void HouseholdCommands::add_stats() {
    stats_command_ =
        app_.add_subcommand("stats", "speed, hit rates, bytes, stalls of past answers");
    stats_command_->add_option("--by", stats_.by, "day, plan, model, machine or turn")
        ->type_name("WHAT")
        ->check(CLI::IsMember({"day", "plan", "model", "machine", "turn"}));
    stats_command_->add_option("--days", stats_.days, "the last N days, 1 to 3650")
        ->type_name("N")
        ->check(CLI::Range(1, 3650));
    CLI::Option* csv = stats_command_->add_flag("--csv", stats_.csv, "comma-separated values");
    stats_command_->add_flag("--json", stats_.json, "one JSON object a line")->excludes(csv);
}

void HouseholdCommands::add_characters() {
    using Act = CharacterArguments::Action;
    CLI::App* root = app_.add_subcommand("char", "characters for role play");
    root->require_subcommand(1, 1);
    const auto add = [&](Act action, const char* name, const char* help) {
        return character_actions_.emplace_back(action, root->add_subcommand(name, help)).second;
    };
    add(Act::list, "list", "all characters");
    add(Act::import_, "import", "character cards, PNG or JSON, version 1 to 3")
        ->add_option("FILE", character_.names, "the cards")
        ->required();
    for (const auto& [action, name, help] :
         {std::tuple(Act::show, "show", "what a card says"),
          std::tuple(Act::lint, "lint", "what is missing, too long or not supported"),
          std::tuple(Act::export_, "export", "the card as it was imported, as JSON"),
          std::tuple(Act::remove, "delete", "remove a character; conversations stay")}) {
        CLI::App* command = add(action, name, help);
        command->add_option("NAME", character_.names, "the character")->required()->expected(1);
        if (action != Act::export_) continue;
        command->add_option("-o,--output", character_.file, "write here")->type_name("FILE");
    }
}

void HouseholdCommands::add_config() {
    using Act = ConfigArguments::Action;
    CLI::App* root = app_.add_subcommand("config", "settings, and where they come from");
    root->require_subcommand(1, 1);
    const auto add = [&](Act action, const char* name, const char* help) {
        return config_actions_.emplace_back(action, root->add_subcommand(name, help)).second;
    };
    add(Act::show, "show", "everything that is in force")
        ->add_flag("--origin", config_.origin, "and where each value comes from");
    add(Act::edit, "edit", "open the settings file in your editor, then check it");
    add(Act::check, "check", "look the settings file over");
    add(Act::path, "path", "where the settings file is");
}

std::optional<Command> HouseholdCommands::chosen() const {
    if (stats_command_->parsed()) return stats_;
    if (doctor_command_->parsed()) return DoctorArguments{};
    if (completions_command_->parsed()) return PrintText{completion_script(app_, shell_)};
    for (const auto& [action, command] : character_actions_) {
        if (!command->parsed()) continue;
        CharacterArguments character = character_;
        character.action = action;
        return character;
    }
    for (const auto& [action, command] : config_actions_) {
        if (!command->parsed()) continue;
        ConfigArguments config = config_;
        config.action = action;
        return config;
    }
    return std::nullopt;
}

}  // namespace hearth
