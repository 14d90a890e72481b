#include "app/transcript.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

std::string local_time(int64_t milliseconds) {
    return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(std::time_t{milliseconds / 1000}));
}

std::string_view name_of(Role role) {
    switch (role) {
        case Role::system:
            return "System";
        case Role::user:
            return "You";
        case Role::assistant:
            break;
    }
    return "Assistant";
}

std::string title_or_none(const Conversation& conversation) {
    return conversation.title.empty() ? "untitled" : conversation.title;
}

}  // namespace

SafeText list_line(const ConversationSummary& summary) {
    const Conversation& one = summary.conversation;
    return safe_line(fmt::format("{:>5}  {}  {:>4} message{}  {}", number(one.id),
                                 local_time(one.updated_ms), summary.messages,
                                 summary.messages == 1 ? " " : "s", title_or_none(one))) +
           SafeText::literal("\n");
}

SafeText quoted_title(const Conversation& conversation) {
    return safe_line(fmt::format("{} '{}'", number(conversation.id), title_or_none(conversation)));
}

std::string_view ending_note(const Message& message) {
    if (message.role != Role::assistant) return "";
    switch (message.state) {
        case MessageState::draft:
            return " (still being written)";
        case MessageState::stopped:
            return " (stopped)";
        case MessageState::failed:
            return " (failed)";
        case MessageState::done:
            break;
    }
    return "";
}

std::string as_text(const Conversation& conversation, std::span<const Message> messages) {
    std::string text = fmt::format("{} ({}, {})\n", title_or_none(conversation), conversation.model,
                                   local_time(conversation.created_ms));
    for (const Message& message : messages) {
        text += fmt::format("\n{}{}:\n{}\n", name_of(message.role), ending_note(message),
                            message.content);
    }
    return text;
}

std::string as_markdown(const Conversation& conversation, std::span<const Message> messages) {
    std::string text = fmt::format("# {}\n\n{}, {}\n", title_or_none(conversation),
                                   conversation.model, local_time(conversation.created_ms));
    for (const Message& message : messages) {
        text += fmt::format("\n## {}{}\n\n{}\n", name_of(message.role), ending_note(message),
                            message.content);
    }
    return text;
}

std::string as_json(const Conversation& conversation, std::span<const Message> tree, bool ascii) {
    Json messages = Json::array();
    for (const Message& message : tree) {
        messages.push_back({
            {"id", number(message.id)},
            {"parent", message.parent ? Json(number(*message.parent)) : Json(nullptr)},
            {"role", to_string(message.role)},
            {"state", to_string(message.state)},
            {"content", message.content},
            {"stop_reason", message.stop_reason},
            {"model", message.model},
            {"created_ms", message.created_ms},
        });
    }
    const Json json{
        {"uid", conversation.uid},
        {"title", conversation.title},
        {"model", conversation.model},
        {"created_ms", conversation.created_ms},
        {"updated_ms", conversation.updated_ms},
        {"leaf", conversation.leaf ? Json(number(*conversation.leaf)) : Json(nullptr)},
        {"messages", std::move(messages)},
    };
    return json.dump(2, ' ', ascii, Json::error_handler_t::replace) + "\n";
}

}  // namespace hearth
