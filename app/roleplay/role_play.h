// RolePlay: what a conversation with a character needs beside its messages, and what the prompt
// makes of it.
//
// The order of a prompt keeps what is stable first, so that the KV cache is reused: the card's own
// prompt, description, personality, scenario, persona and examples in one system message; then the
// history, each message with the lore that entered with it; the author's note and the card's
// post-history instructions in the last message of the person, the only place that changes with
// every turn.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/roleplay/character_card.h"
#include "engine/base/result.h"

namespace hearth {

struct RolePlay {
    std::string card_json;  // as it was imported
    CharacterCard card;     // what it says
    std::string user = "You";
    std::string persona;  // who the person is
    std::string note;     // the author's
};

Result<RolePlay> begin_role_play(std::string card_json, std::string user, std::string persona);

// What the store keeps with a conversation, and back. nullopt for a conversation without a
// character; bad_file when it cannot be read.
std::string to_setup(const RolePlay& role_play);
Result<std::optional<RolePlay>> role_play_from(const std::string& setup);

// The system message; `own` is the person's system prompt, which the card's replaces where it has
// one ({{original}} in it stands for `own`).
std::string system_text(const RolePlay& role_play, std::string_view own);
// What stands at the end of the last message of the person; "" = nothing.
std::string closing_text(const RolePlay& role_play);
// The greetings, the first one first, with their macros expanded.
std::vector<std::string> greetings(const RolePlay& role_play);
std::string expand(const RolePlay& role_play, std::string_view text);

}  // namespace hearth
