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
    std::string open;        // a conversation's number or uid; "" = the last one
    bool start_new = false;  // begin an empty conversation
};

// hearth run
struct RunArguments {
    std::optional<std::string> prompt;  // nullopt or "-": standard input
    bool raw = false;                   // no chat template
    bool json = false;
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
    enum class Action { list, show, export_, remove };
    Action action = Action::list;
    std::string conversation;   // number or beginning of the uid
    std::string format = "md";  // export: md, txt, json
    bool json = false;          // list
    bool yes = false;           // remove without asking
};

// hearth pack
struct PackArguments {
    std::string output;    // "" = the default place for this model
    size_t alignment = 0;  // 512 or 4096; 0 = what the disk wants
    std::string down;      // the type that down is quantized to anew; "" = the one it has
    std::string verify;    // a pack to be verified instead
};

// --help and --version: print this, exit 0.
struct PrintText {
    std::string text;
};

using Command = std::variant<ChatArguments, RunArguments, InspectArguments, HistoryArguments,
                             PackArguments, PrintText>;

struct CommandLine {
    Command command;
    std::vector<Assignment> settings;
};

// Usage errors are one line with the next step; nothing is printed.
Result<CommandLine> parse_command_line(std::span<const std::string> arguments);

}  // namespace hearth
