#include "app/command_line_store.h"

#include <utility>

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

CLI::App* add_stats_command(CLI::App& app, StatsArguments& stats) {
    CLI::App* root = app.add_subcommand("stats", "speed, hit rates, bytes, stalls of past answers");
    root->add_option("--by", stats.by, "day, plan, model, machine or turn")
        ->type_name("WHAT")
        ->check(CLI::IsMember({"day", "plan", "model", "machine", "turn"}));
    root->add_option("--days", stats.days, "the last N days, 1 to 3650")
        ->type_name("N")
        ->check(CLI::Range(1, 3650));
    CLI::Option* csv = root->add_flag("--csv", stats.csv, "comma-separated values");
    root->add_flag("--json", stats.json, "one JSON object a line")->excludes(csv);
    return root;
}

}  // namespace hearth
