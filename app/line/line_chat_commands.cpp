// What a person can ask of a LineChat beside talking: slash commands, and which conversation is
// opened first.
#include <algorithm>

#include "app/line/line_chat.h"
#include "app/line/turn_summary.h"
#include "app/transcript.h"

namespace hearth {
namespace {

constexpr size_t kListed = 20;

std::string show_setting(const Setting& setting, const Options& options) {
    return fmt::format("  {:<19}{:<12}{}\n", setting.name, setting.show(options), setting.help);
}

}  // namespace

// --- which conversation --------------------------------------------------------------------------

Result<void> LineChat::open_first_conversation() {
    if (!arguments_.open.empty()) {
        HEARTH_TRY(const Conversation asked, store_.conversations().find(arguments_.open));
        return open_conversation(asked);
    }
    if (!arguments_.start_new) {
        HEARTH_TRY(const auto latest, store_.conversations().latest());
        if (latest && latest->leaf) return open_conversation(*latest);
    }
    screen_.note("a new conversation; /help lists what you can do");
    return {};
}

Result<void> LineChat::open_conversation(const Conversation& conversation) {
    HEARTH_TRY_VOID(chat_->open(conversation));
    screen_.note(
        fmt::format("continuing {} · /new begins another", quoted_title(conversation).str()));
    screen_.tail(chat_->messages());
    if (chat_->messages().empty()) return {};
    const Message& last = chat_->messages().back();
    if (last.role == Role::user) {
        screen_.note("this was not answered yet: /continue answers it");
    } else if (last.stop_reason == kInterrupted) {
        screen_.note("this answer was interrupted: /continue goes on, /regen begins anew");
    }
    return {};
}

// --- slash commands ------------------------------------------------------------------------------

Result<void> LineChat::execute(const SlashLine& command) {
    switch (command.verb) {
        case Verb::help:
            screen_.block(slash_help());
            return {};
        case Verb::new_conversation:
            chat_->start_new();
            screen_.note("a new conversation");
            return {};
        case Verb::list:
            return list();
        case Verb::open: {
            HEARTH_TRY(const Conversation found, store_.conversations().find(command.argument));
            return open_conversation(found);
        }
        case Verb::show:
            for (const Message& message : chat_->messages()) screen_.whole_message(message);
            return {};
        case Verb::title:
            return rename(command.argument);
        case Verb::undo:
            return undo();
        case Verb::regenerate:
            return chat_->regenerate();
        case Verb::continue_answer:
            return chat_->continue_answer();
        case Verb::system:
            return system(command.argument);
        case Verb::set:
            return set(command.argument);
        case Verb::stats:
            return stats();
        case Verb::quit:
            quit(kExitDone);
            return {};
    }
    return {};
}

Result<void> LineChat::list() {
    HEARTH_TRY(const auto summaries, store_.conversations().list(kListed));
    if (summaries.empty()) screen_.note("no conversations yet");
    for (const ConversationSummary& summary : summaries) screen_.block(list_line(summary).str());
    return {};
}

Result<void> LineChat::rename(const std::string& title) {
    HEARTH_TRY_VOID(chat_->rename(title));
    screen_.note("now " + quoted_title(*chat_->conversation()).str());
    return {};
}

Result<void> LineChat::undo() {
    HEARTH_TRY(std::string text, chat_->undo());
    screen_.note("taken back; Enter sends it again");
    editor_.preset(std::move(text));
    return {};
}

Result<void> LineChat::system(const std::string& text) {
    if (!text.empty()) chat_->set_system(text == "off" ? "" : text);
    const std::string now = chat_->system();
    screen_.note(now.empty() ? "no system prompt" : "system prompt: " + now);
    return {};
}

Result<void> LineChat::set(const std::string& argument) {
    const size_t space = argument.find(' ');
    const std::string name = argument.substr(0, space);
    if (name.empty()) {
        std::string all;
        for (const Setting& setting : all_settings()) {
            if (setting.in_chat) all += show_setting(setting, options_);
        }
        screen_.block(all);
        return {};
    }
    const Setting* setting = find_setting(name);
    if (setting == nullptr || !setting->in_chat) {
        std::vector<std::string_view> names;
        for (const Setting& one : all_settings()) {
            if (one.in_chat) names.push_back(one.name);
        }
        return make_error(ErrorCode::usage, "/set: these can be set: {}", fmt::join(names, ", "));
    }
    if (space != std::string::npos) {
        const size_t value = argument.find_first_not_of(' ', space);
        HEARTH_TRY_VOID(assign(
            options_, {setting, {argument.substr(value)}, "/set " + name, ErrorCode::usage}));
    }
    screen_.block(show_setting(*setting, options_));
    return {};
}

Result<void> LineChat::stats() {
    if (!chat_->last_stats()) {
        return make_error(ErrorCode::usage, "no answer was written in this session yet");
    }
    screen_.block(turn_details(*chat_->last_stats()));
    return {};
}

}  // namespace hearth
