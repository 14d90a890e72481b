// CharacterCard: who the model plays, as the community's card formats V1, V2 (chara_card_v2) and V3
// (chara_card_v3) say it.
//
// A card is a stranger's text: sizes are limited, and what reaches a terminal is filtered there.
// Fields that are not used stay in the JSON, which is kept and exported as it came.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace hearth {

struct LoreEntry {
    std::string name;  // for people
    std::vector<std::string> keys;
    std::vector<std::string> secondary_keys;  // with `selective`, one of these too
    std::string content;
    bool enabled = true;
    bool constant = false;  // always in
    bool selective = false;
    bool case_sensitive = false;
    bool uses_regex = false;  // not supported: never fires, and lint says so
    int order = 100;          // of insertion, lowest first
    int priority = 0;         // highest stays when the budget is short
};

struct Lorebook {
    size_t scan_depth = 4;    // messages looked at, the newest among them
    size_t budget_bytes = 0;  // of all content that is put in; 0 = the usual limit
    std::vector<LoreEntry> entries;
};

struct CharacterCard {
    int version = 1;  // of the format
    std::string name;
    std::string nickname;  // what {{char}} stands for where it is not empty
    std::string description;
    std::string personality;
    std::string scenario;
    std::string first_message;
    std::vector<std::string> alternate_greetings;
    std::string examples;
    std::string system_prompt;
    std::string post_history;
    std::string creator;
    std::string creator_notes;
    Lorebook book;

    const std::string& called() const { return nickname.empty() ? name : nickname; }
};

// bad_file ("<name>: ..."): not JSON, not a card, a field of the wrong type, too large.
Result<CharacterCard> parse_card(std::string_view json, const std::string& name);

// What a person should know before playing this card: one line each.
std::vector<std::string> lint(const CharacterCard& card);

}  // namespace hearth
