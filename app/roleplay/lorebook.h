// Which entries of a lorebook the last messages call up.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/roleplay/character_card.h"

namespace hearth {

struct LoreHit {
    const LoreEntry* entry = nullptr;
    std::string key;     // what was found, "" = always in
    bool is_in = false;  // false: cut, the budget was short
};

// `messages`: the newest last. `known`: contents that are in the prompt already, from earlier
// messages; they are not put in twice. Constant entries fire always; the others when one of their
// keys stands in one of the last scan_depth messages, as a word where it is made of letters. In
// order of insertion.
std::vector<LoreHit> find_lore(const Lorebook& book, std::span<const std::string_view> messages,
                               std::span<const std::string> known);

// The contents that are in, joined; "" = none. Decorator lines (@@...) are left out.
std::string lore_text(std::span<const LoreHit> hits);

}  // namespace hearth
