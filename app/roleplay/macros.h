// {{char}}, {{user}} and their kin in the texts of cards.
#pragma once

#include <string>
#include <string_view>

namespace hearth {

struct MacroValues {
    std::string_view character;
    std::string_view user;
    std::string_view original = "";  // what a card's own prompt replaces
};

// {{char}}, {{user}}, {{original}} in any case, the older <BOT>, <USER>, and comments {{// ...}},
// which go. Macros whose value changes by time or chance stay as they are: they would make every
// prompt new. What a value says is not expanded again.
std::string expand_macros(std::string_view text, const MacroValues& values);

}  // namespace hearth
