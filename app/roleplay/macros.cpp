#include "app/roleplay/macros.h"

#include <algorithm>
#include <optional>

namespace hearth {
namespace {

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        };
        return lower(x) == lower(y);
    });
}

// What stands for the inside of {{...}}; nullopt for what is not ours.
std::optional<std::string_view> value_of(std::string_view inside, const MacroValues& values) {
    if (same(inside, "char")) return values.character;
    if (same(inside, "user")) return values.user;
    if (same(inside, "original")) return values.original;
    if (inside.starts_with("//") || same(inside.substr(0, 8), "comment:")) return "";
    return std::nullopt;
}

}  // namespace

std::string expand_macros(std::string_view text, const MacroValues& values) {
    std::string out;
    while (!text.empty()) {
        const size_t at = text.find_first_of("{<");
        out += text.substr(0, at);
        if (at == std::string_view::npos) break;
        text.remove_prefix(at);
        size_t length = 1;
        std::string_view stands_for = text.substr(0, 1);
        if (same(text.substr(0, 6), "<user>")) {
            stands_for = values.user;
            length = 6;
        } else if (same(text.substr(0, 5), "<bot>")) {
            stands_for = values.character;
            length = 5;
        } else if (text.starts_with("{{")) {
            const size_t end = text.find("}}");
            const auto value = end == std::string_view::npos
                                   ? std::nullopt
                                   : value_of(text.substr(2, end - 2), values);
            stands_for = value.value_or(text.substr(0, 2));
            length = value ? end + 2 : 2;
        }
        out += stands_for;
        text.remove_prefix(length);
    }
    return out;
}

}  // namespace hearth
