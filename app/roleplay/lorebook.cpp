#include "app/roleplay/lorebook.h"

#include <algorithm>
#include <optional>

namespace hearth {
namespace {

constexpr size_t kUsualBudget = 4000;  // bytes, about 1,000 tokens

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Whether `key` stands in `text`; "king" does not stand in "thinking".
bool stands_in(std::string_view key, std::string_view text, bool case_sensitive) {
    if (key.empty()) return false;
    const auto equal = [case_sensitive](char a, char b) {
        return case_sensitive ? a == b : lower(a) == lower(b);
    };
    for (auto at = text.begin();; ++at) {
        at = std::search(at, text.end(), key.begin(), key.end(), equal);
        if (at == text.end()) return false;
        const auto end = at + static_cast<std::ptrdiff_t>(key.size());
        const bool begins = at == text.begin() || !is_letter(at[-1]) || !is_letter(key.front());
        const bool ends = end == text.end() || !is_letter(*end) || !is_letter(key.back());
        if (begins && ends) return true;
    }
}

std::optional<std::string> key_in(const std::vector<std::string>& keys, const LoreEntry& entry,
                                  std::span<const std::string_view> messages) {
    for (const std::string& key : keys) {
        for (const std::string_view message : messages) {
            if (stands_in(key, message, entry.case_sensitive)) return key;
        }
    }
    return std::nullopt;
}

// The key that calls an entry up; "" for a constant one; nullopt when none does.
std::optional<std::string> fires(const LoreEntry& entry,
                                 std::span<const std::string_view> messages) {
    if (!entry.enabled || entry.uses_regex || entry.content.empty()) return std::nullopt;
    if (entry.constant) return "";
    auto key = key_in(entry.keys, entry, messages);
    if (!key || !entry.selective || entry.secondary_keys.empty()) return key;
    return key_in(entry.secondary_keys, entry, messages) ? key : std::nullopt;
}

void keep_within(size_t budget, std::vector<LoreHit>& hits) {
    std::vector<LoreHit*> by_priority;
    for (LoreHit& hit : hits) by_priority.push_back(&hit);
    std::stable_sort(
        by_priority.begin(), by_priority.end(),
        [](const LoreHit* a, const LoreHit* b) { return a->entry->priority > b->entry->priority; });
    for (LoreHit* hit : by_priority) {
        hit->is_in = hit->entry->content.size() <= budget;
        if (hit->is_in) budget -= hit->entry->content.size();
    }
}

}  // namespace

std::vector<LoreHit> find_lore(const Lorebook& book, std::span<const std::string_view> messages,
                               std::span<const std::string> known) {
    const auto scanned = messages.last(std::min(messages.size(), book.scan_depth));
    std::vector<LoreHit> hits;
    for (const LoreEntry& entry : book.entries) {
        const bool is_known = std::any_of(known.begin(), known.end(), [&](const std::string& text) {
            return text.find(entry.content) != std::string::npos;
        });
        if (is_known) continue;
        auto key = fires(entry, scanned);
        if (key) hits.push_back({&entry, *std::move(key), false});
    }
    std::stable_sort(hits.begin(), hits.end(), [](const LoreHit& a, const LoreHit& b) {
        return a.entry->order < b.entry->order;
    });
    keep_within(book.budget_bytes == 0 ? kUsualBudget : book.budget_bytes, hits);
    return hits;
}

std::string lore_text(std::span<const LoreHit> hits) {
    std::string text;
    for (const LoreHit& hit : hits) {
        if (!hit.is_in) continue;
        std::string_view content = hit.entry->content;
        while (content.starts_with("@@")) {
            content.remove_prefix(std::min(content.find('\n'), content.size() - 1) + 1);
        }
        if (!text.empty() && !content.empty()) text += "\n\n";
        text += content;
    }
    return text;
}

}  // namespace hearth
