#include "app/transcript.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace hearth {
namespace {

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

// "  #work #rust"
std::string tag_list(const std::vector<std::string>& tags) {
    std::string list = tags.empty() ? "" : " ";
    for (const std::string& tag : tags) list.append(" #").append(tag);
    return list;
}

}  // namespace

SafeText list_line(const ConversationSummary& summary) {
    const Conversation& one = summary.conversation;
    return safe_line(fmt::format("{:>5}  {}  {:>4} message{}  {}", number(one.id),
                                 local_time(one.updated_ms), summary.messages,
                                 summary.messages == 1 ? " " : "s", title_or_none(one)) +
                     tag_list(summary.tags)) +
           SafeText::literal("\n");
}

SafeText hit_line(const SearchHit& hit, std::string_view on, std::string_view off) {
    const std::string_view excerpt = hit.excerpt;
    const std::string_view match = excerpt.substr(hit.match_begin, hit.match_bytes);
    const SafeText shown =
        match.empty() ? safe_line(excerpt)
                      : safe_line(excerpt.substr(0, hit.match_begin)) + SafeText::literal(on) +
                            safe_line(match) + SafeText::literal(off) +
                            safe_line(excerpt.substr(hit.match_begin + match.size()));
    return safe_line(fmt::format("{:>5}  {}  {:<9}  ", number(hit.conversation.id),
                                 local_time(hit.created_ms),
                                 hit.message ? to_string(hit.role) : "title")) +
           shown + SafeText::literal("\n");
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

}  // namespace hearth
