// From the messages of a conversation to what the chat template gets.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/roleplay/role_play.h"
#include "engine/text/chat_template.h"
#include "storage/conversations.h"

namespace hearth {

// Kinds of the parts that stand beside a message's text.
inline constexpr std::string_view kFilePart = "file";  // text of a file, meta {"path": ...}
inline constexpr std::string_view kLorePart = "lore";  // what a lorebook said when it was sent

// What is sent in the place of the oldest messages: text, meta {"messages": how many}.
inline constexpr std::string_view kSummaryPart = "summary";

// As templates expect them: one system prompt at the front; no empty answers (a failed one says
// nothing); roles that alternate. `draft` is the answer that is being written: not in it. A
// conversation that begins with a character's greeting gets a line of the person before it, which
// most templates insist on.
std::vector<ChatMessage> build_prompt(std::span<const Message> messages,
                                      std::optional<MessageId> draft, std::string system,
                                      const RolePlay* role_play);

// How many messages at the front of a branch the newest summary stands for; 0 = there is none.
size_t summarised(std::span<const Message> messages);
Part summary_part(std::string text, size_t n_messages);

// Asks for a summary of these messages that can stand for them, in about `max_bytes`: longer ones
// are shortened. `focus`: what matters most, "" = nothing in particular.
std::vector<ChatMessage> summary_prompt(std::span<const Message> messages, std::string_view focus,
                                        size_t max_bytes);

// What a message says to the model: the summary of what went before, lore, its text, its files.
std::string model_text(const Message& message);

// The lore that the newest of `messages` calls up, as a part of that message; nullopt when none.
std::optional<Part> lore_for(std::span<const Message> messages, std::string_view text,
                             const RolePlay& role_play);

}  // namespace hearth
