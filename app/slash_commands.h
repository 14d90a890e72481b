// The commands of a chat: a line that begins with a slash.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace hearth {

enum class Verb {
    help,
    new_conversation,
    list,
    open,
    show,
    title,
    undo,
    regenerate,
    continue_answer,
    swipe,
    fork,
    shift,
    compact,
    search,
    dashboard,
    rail,
    theme,
    model,
    system,
    character,
    persona,
    note,
    lore,
    read,
    glob,
    save,
    set,
    stats,
    quit,
};

struct SlashCommand {
    std::string_view name;      // "/open"
    std::string_view argument;  // "ID", "[TEXT]", "" = takes none
    std::string_view help;      // one line
    Verb verb;
};

// Commands of one verb stand together; the first name is the one that help shows.
std::span<const SlashCommand> slash_commands();

struct SlashLine {
    Verb verb = Verb::help;
    std::string argument;  // trimmed
};

// Whether an entered line is a command: one line that begins with one slash. "//x" is the text
// "/x", and what holds a line break (a paste) is text.
bool is_slash_command(std::string_view line);

// A usage error, with the nearest name, for a command that does not exist.
Result<SlashLine> parse_slash_command(std::string_view line);

// Whether a command makes sense while an answer is being written.
bool may_run_while_busy(Verb verb);

std::string slash_help();

// "/help", "/new", ... for completion.
std::vector<std::string> slash_names();

}  // namespace hearth
