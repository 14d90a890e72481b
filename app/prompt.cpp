#include "app/prompt.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/roleplay/lorebook.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kBeginning = "[The conversation begins.]";

// Where a text can be cut at or before `at`: no character is split.
size_t utf8_boundary(std::string_view text, size_t at) {
    if (at >= text.size()) return text.size();
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

std::string path_of(const Part& part) {
    const Json meta = Json::parse(part.meta, nullptr, /*allow_exceptions=*/false);
    const auto path = meta.is_object() ? meta.find("path") : meta.end();
    return path != meta.end() && path->is_string() ? path->get<std::string>() : "file";
}

// A fence that no line of the text closes.
std::string fence_for(std::string_view text) {
    std::string fence = "```";
    while (text.find(fence) != std::string_view::npos) fence += '`';
    return fence;
}

void add(std::vector<ChatMessage>& prompt, std::string role, std::string text) {
    if (!prompt.empty() && prompt.back().role == role) {
        prompt.back().content += "\n\n" + text;
    } else {
        prompt.push_back({std::move(role), std::move(text)});
    }
}

}  // namespace

std::string model_text(const Message& message) {
    std::string text;
    for (const Part& part : message.parts) {
        if (part.kind != kSummaryPart) continue;
        text += fmt::format("[What was said before, in short: {}]\n\n", part.text);
    }
    for (const Part& part : message.parts) {
        if (part.kind == kLorePart) text += part.text + "\n\n";
    }
    text += message.content;
    for (const Part& part : message.parts) {
        if (part.kind != kFilePart) continue;
        const std::string fence = fence_for(part.text);
        text += fmt::format("\n\n{}:\n{}\n{}{}{}", path_of(part), fence, part.text,
                            part.text.ends_with('\n') ? "" : "\n", fence);
    }
    return text;
}

std::vector<ChatMessage> build_prompt(std::span<const Message> messages,
                                      std::optional<MessageId> draft, std::string system,
                                      const RolePlay* role_play) {
    std::vector<ChatMessage> prompt;
    if (role_play != nullptr) system = system_text(*role_play, system);
    if (!system.empty()) prompt.push_back({"system", std::move(system)});
    const size_t n_system = prompt.size();
    for (const Message& message : messages) {
        if (message.id == draft || message.role == Role::system) continue;
        if (message.role == Role::assistant && message.content.empty()) continue;
        if (message.role == Role::assistant && prompt.size() == n_system) {
            add(prompt, "user", std::string(kBeginning));
        }
        add(prompt, std::string(to_string(message.role)), model_text(message));
    }
    if (role_play == nullptr || prompt.empty() || prompt.back().role != "user") return prompt;
    const std::string closing = closing_text(*role_play);
    if (!closing.empty()) prompt.back().content += "\n\n[" + closing + "]";
    return prompt;
}

size_t summarised(std::span<const Message> messages) {
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        for (const Part& part : message->parts) {
            if (part.kind != kSummaryPart) continue;
            const Json meta = Json::parse(part.meta, nullptr, /*allow_exceptions=*/false);
            const auto n = meta.is_object() ? meta.find("messages") : meta.end();
            if (n == meta.end() || !n->is_number_unsigned()) continue;
            return std::min(n->get<size_t>(), messages.size());
        }
    }
    return 0;
}

Part summary_part(std::string text, size_t n_messages) {
    return {std::string(kSummaryPart), std::move(text), Json{{"messages", n_messages}}.dump()};
}

std::vector<ChatMessage> summary_prompt(std::span<const Message> messages, std::string_view focus,
                                        size_t max_bytes) {
    std::vector<std::string> said;
    for (const Message& message : messages) {
        if (message.role == Role::system || message.content.empty()) continue;
        const char* const who = message.role == Role::user ? "User" : "Assistant";
        said.push_back(fmt::format("{}: {}", who, model_text(message)));
    }
    const size_t room = max_bytes / std::max<size_t>(1, said.size());
    std::string text =
        "Below is the beginning of a conversation. Sum it up in a few sentences, so that it can go "
        "on from the summary alone: names, facts, what was decided, what is open.";
    if (!focus.empty()) text += fmt::format(" What matters most: {}.", focus);
    for (const std::string& one : said) {
        text += "\n\n" + one.substr(0, utf8_boundary(one, room));
        if (one.size() > room) text += " [...]";
    }
    return {{"user", text + "\n\nNow write the summary and nothing else."}};
}

std::optional<Part> lore_for(std::span<const Message> messages, std::string_view text,
                             const RolePlay& role_play) {
    std::vector<std::string_view> said;
    std::vector<std::string> known;
    for (const Message& message : messages) {
        if (message.role != Role::system) said.push_back(message.content);
        for (const Part& part : message.parts) {
            if (part.kind == kLorePart) known.push_back(part.text);
        }
    }
    said.push_back(text);
    Lorebook book = role_play.card.book;
    for (LoreEntry& entry : book.entries) entry.content = expand(role_play, entry.content);
    const auto hits = find_lore(book, said, known);
    std::string lore = lore_text(hits);
    if (lore.empty()) return std::nullopt;
    Json why = Json::array();
    for (const LoreHit& hit : hits) {
        why.push_back({{"name", hit.entry->name}, {"key", hit.key}, {"in", hit.is_in}});
    }
    return Part{std::string(kLorePart), "[" + lore + "]",
                why.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace hearth
