// The search's indexes, kept in step with the messages: every change to a text that the search
// knows goes through here, inside the transaction that makes the change.
//
// Not done by triggers: SQLite before 3.44 refuses virtual tables in triggers where the schema is
// not trusted, and ours never is.
#pragma once

#include "engine/base/result.h"
#include "storage/conversations.h"
#include "storage/database.h"

namespace hearth {

// A finished text becomes one the search finds.
Result<void> index_text(Database& database, MessageId message);
// Before a text changes or goes: the index is told what it had been told. Nothing where the search
// does not know it.
Result<void> forget_text(Database& database, MessageId message);
Result<void> forget_texts(Database& database, ConversationId conversation);

}  // namespace hearth
