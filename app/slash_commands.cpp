#include "app/slash_commands.h"

#include <array>
#include <vector>

#include "app/settings.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr auto kCommands = std::to_array<SlashCommand>({
    {"/help", "", "this list", Verb::help},
    {"/?", "", "", Verb::help},
    {"/new", "", "begin a new conversation; the old one stays", Verb::new_conversation},
    {"/clear", "", "", Verb::new_conversation},
    {"/list", "[WORDS]", "conversations, those that hold the words", Verb::list},
    {"/open", "ID", "continue another conversation", Verb::open},
    {"/show", "", "this conversation from its beginning", Verb::show},
    {"/title", "TEXT", "name this conversation", Verb::title},
    {"/rename", "TEXT", "", Verb::title},
    {"/undo", "", "take the last message back, to edit it; nothing is deleted", Verb::undo},
    {"/regen", "", "another answer; the old one is kept beside it", Verb::regenerate},
    {"/continue", "", "the rest of an answer that was stopped", Verb::continue_answer},
    {"/swipe", "N", "another of the answers beside the last one: +, - or its number", Verb::swipe},
    {"/fork", "", "go on in a copy of this conversation", Verb::fork},
    {"/shift", "", "send without the oldest messages from now on; they stay here", Verb::shift},
    {"/compact", "[FOCUS]", "the model sums the oldest messages up; the summary is sent for them",
     Verb::compact},
    {"/summarise", "[FOCUS]", "", Verb::compact},
    {"/search", "WORDS", "find messages in all conversations", Verb::search},
    {"/dash", "[PAGE]", "the engine in numbers, page 1 to 6 (F2)", Verb::dashboard},
    {"/rail", "", "numbers beside the conversation, or not (F3)", Verb::rail},
    {"/theme", "[NAME]", "default, dark, light, high-contrast, mono, or your own", Verb::theme},
    {"/model", "[FILE]", "go on with another model; alone: choose one (F7)", Verb::model},
    {"/system", "[TEXT]", "show or set the system prompt; off removes it", Verb::system},
    {"/char", "[NAME]", "begin a conversation with a character; alone: who plays", Verb::character},
    {"/persona", "[TEXT]", "who you are to the character; off removes it", Verb::persona},
    {"/note", "[TEXT]", "a note at the end of every prompt; off removes it", Verb::note},
    {"/lore", "", "which lore the last message called up, and why", Verb::lore},
    {"/read", "FILE[:10-80]", "send a file with the next message (or @FILE in it)", Verb::read},
    {"/glob", "PATTERN", "send all files that a pattern names: src/**/*.cpp", Verb::glob},
    {"/save", "[N] FILE", "the Nth code block of the last answer into a new file", Verb::save},
    {"/set", "[NAME [VALUE]]", "show or change settings, from the next answer on", Verb::set},
    {"/stats", "[ui]", "numbers of the last answer (hearth --help stats), or the screen's own cost",
     Verb::stats},
    {"/quit", "", "leave (Ctrl+D)", Verb::quit},
    {"/exit", "", "", Verb::quit},
    {"/bye", "", "", Verb::quit},
});

constexpr std::string_view kKeys =
    "  Enter sends; Alt+Enter, a backslash before Enter or \"\"\" ... \"\"\" go on in the next\n"
    "  line; Ctrl+C stops an answer and keeps it; Up and Ctrl+R find what was said before.\n"
    "  //text sends /text.\n";

std::string_view trim(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

std::span<const SlashCommand> slash_commands() {
    return kCommands;
}

bool is_slash_command(std::string_view line) {
    return line.starts_with('/') && !line.starts_with("//") &&
           line.find('\n') == std::string_view::npos;
}

Result<SlashLine> parse_slash_command(std::string_view line) {
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    const std::string_view argument = trim(line.substr(word.size()));
    std::vector<std::string_view> names;
    for (const SlashCommand& command : kCommands) {
        names.push_back(command.name);
        if (command.name != word) continue;
        if (!command.argument.starts_with('[') && command.argument.empty() != argument.empty()) {
            return make_error(ErrorCode::usage, "{} takes {}", command.name,
                              command.argument.empty() ? "nothing" : command.argument);
        }
        return SlashLine{command.verb, std::string(argument)};
    }
    const std::string nearest = nearest_name(word, names);
    return make_error(ErrorCode::usage, "{}: there is no such command ({}; //... sends it as text)",
                      printable(word),
                      nearest.empty() ? "/help lists them" : "did you mean " + nearest + "?");
}

bool may_run_while_busy(Verb verb) {
    return verb == Verb::help || verb == Verb::list || verb == Verb::set || verb == Verb::stats ||
           verb == Verb::quit || verb == Verb::dashboard || verb == Verb::rail ||
           verb == Verb::theme || verb == Verb::search;
}

std::string slash_help() {
    std::string text;
    for (const SlashCommand& command : kCommands) {
        if (command.help.empty()) continue;
        const std::string usage = fmt::format("{} {}", command.name, command.argument);
        text += fmt::format("  {:<22}{}\n", usage, command.help);
    }
    text += kKeys;
    return text;
}

std::vector<std::string> slash_names() {
    std::vector<std::string> names;
    for (const SlashCommand& command : kCommands) names.emplace_back(command.name);
    return names;
}

}  // namespace hearth
