#include "app/prompt.h"

#include <nlohmann/json.hpp>

#include "app/roleplay/lorebook.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kBeginning = "[The conversation begins.]";

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
