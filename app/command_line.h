// CommandLine: what the person asked for, from argv. Flags that are settings (settings.h) come out
// as assignments and are checked with all other settings in config.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "app/settings.h"
#include "engine/base/result.h"

namespace hearth {

// hearth, hearth chat
struct ChatArguments {
    std::string open;           // a conversation's number or uid; "" = the last one
    bool start_new = false;     // begin an empty conversation
    std::string character;      // begin a conversation with this one
    bool headless = false;      // JSON lines instead of a terminal
    bool line_by_line = false;  // also where a full screen would be possible
};

// hearth run
struct RunArguments {
    std::optional<std::string> prompt = std::nullopt;  // nullopt or "-": standard input
    bool raw = false;                                  // no chat template
    bool json = false;
    std::string trace_file = "";          // "" = none
    std::vector<std::string> files = {};  // sent along, "a.cpp:10-80"
    bool code_only = false;               // print the first code block of the answer
};

// hearth inspect
struct InspectArguments {
    enum class Form { file, tokens, prompt, logits, perplexity };
    Form form = Form::file;
    std::string file;           // the model (file) or the text (perplexity)
    bool parse_special = true;  // tokens
    bool decode = false;        // tokens: ids to text
    std::string template_file;  // prompt; "" = the model's own
};

// hearth history
struct HistoryArguments {
    enum class Action { list, show, search, export_, import_, rename, tag, remove, backup };
    Action action = Action::list;
    std::string conversation;                // number or beginning of the uid
    std::vector<std::string> conversations;  // export: these; none = all
    std::vector<std::string> words;          // search: the query; rename: the title; tag: the tags
    std::string format;                      // export: md, txt, json, jsonl, archive; "" = by file
    std::string file;        // export, backup: to; import: from; "" = the usual place
    std::string tag;         // list, search: with this tag only
    size_t limit = 0;        // list, search; 0 = all, the usual number
    bool json = false;       // list, search
    bool yes = false;        // remove without asking
    bool take_away = false;  // tag: remove the tags
};

// hearth char
struct CharacterArguments {
    enum class Action { list, import_, show, lint, export_, remove };
    Action action = Action::list;
    std::vector<std::string> names;  // import: files; lint: a name or a file
    std::string file;                // export: to, "" = standard output
};

// hearth config
struct ConfigArguments {
    enum class Action { show, edit, check, path };
    Action action = Action::show;
    bool origin = false;
};

// hearth doctor
struct DoctorArguments {};

// hearth stats
struct StatsArguments {
    std::string by = "day";  // day, plan, model, machine, turn
    size_t days = 30;
    bool csv = false;   // neither: a table and a plot
    bool json = false;  // not with csv
};

// hearth pack
struct PackArguments {
    std::string output;       // "" = the default place for this model
    size_t alignment = 0;     // 512 or 4096; 0 = what the disk wants
    std::string down;         // the type that down is quantized to anew; "" = the one it has
    std::string verify;       // a pack to be verified instead
    bool predictors = false;  // makes predictors too, for a model that has none
};

// hearth plan
struct PlanArguments {
    double min_speed = 0.0;  // tokens per second; 0 = as fast as possible
    bool redo = false;       // measure again
    bool explain = false;
    bool json = false;
};

// hearth top
struct TopArguments {
    int pid = 0;  // of the chat; 0 = the one that began last
};

// --help and --version: print this, exit 0.
struct PrintText {
    std::string text;
};

using Command = std::variant<ChatArguments, RunArguments, InspectArguments, HistoryArguments,
                             PackArguments, PlanArguments, StatsArguments, CharacterArguments,
                             ConfigArguments, DoctorArguments, TopArguments, PrintText>;

struct CommandLine {
    Command command;
    std::vector<Assignment> settings;
};

// Usage errors are one line with the next step; nothing is printed.
Result<CommandLine> parse_command_line(std::span<const std::string> arguments);

}  // namespace hearth
