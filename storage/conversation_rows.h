// Rows of conversations and messages as values: what the writing, the reading and the archive of
// conversations share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "storage/conversations.h"
#include "storage/database.h"

namespace hearth {

#define CONVERSATION_COLUMNS "c.id, c.uid, c.title, c.model, c.created_ms, c.updated_ms, c.leaf"
#define MESSAGE_COLUMNS                                                                       \
    "m.id, m.conversation, m.parent, m.role, m.state, m.stop_reason, m.model, m.created_ms, " \
    "coalesce(p.text, '')"
#define MESSAGE_TEXT "LEFT JOIN part p ON p.message = m.id AND p.position = 0 "

inline constexpr int kConversationColumns = 7;
Conversation conversation_at(const Statement& row);

// Every message of a query for MESSAGE_COLUMNS; bad_file names `file` where a word is unknown.
Result<std::vector<Message>> all_messages(Result<Statement> rows, const std::string& file);

// The role or state that a word stands for.
std::optional<Role> role_of(std::string_view word);
std::optional<MessageState> state_of(std::string_view word);

int64_t now_ms();  // since 1970, UTC
SqlValue id_or_null(const std::optional<MessageId>& id);

// Writes a message's text (at position 0) and its other parts.
Result<void> insert_parts(Database& database, MessageId message, std::string_view content,
                          const std::vector<Part>& parts);

// A change that must hit exactly the row it names: a usage error "<what> <id>: <otherwise>" else.
Result<void> exactly_one(const Result<int64_t>& changed, std::string_view what, int64_t id,
                         std::string_view otherwise);

}  // namespace hearth
