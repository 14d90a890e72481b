#include "storage/text_index.h"

namespace hearth {

// Which parts a statement is about, joined to it while compiling.
#define OF_MESSAGE "message = ? AND position = 0"
#define OF_CONVERSATION "message IN (SELECT id FROM message WHERE conversation = ?)"

Result<void> index_text(Database& database, MessageId message) {
    HEARTH_TRY_VOID(
        database.execute("INSERT INTO fts_word (rowid, text) SELECT id, text FROM part "
                         "WHERE " OF_MESSAGE " AND indexed = 0",
                         {number(message)}));
    HEARTH_TRY_VOID(
        database.execute("INSERT INTO fts_gram (rowid, text) SELECT id, text FROM part "
                         "WHERE " OF_MESSAGE " AND indexed = 0",
                         {number(message)}));
    HEARTH_TRY_VOID(
        database.execute("UPDATE part SET indexed = 1 WHERE " OF_MESSAGE, {number(message)}));
    return {};
}

Result<void> forget_text(Database& database, MessageId message) {
    HEARTH_TRY_VOID(
        database.execute("INSERT INTO fts_word (fts_word, rowid, text) SELECT 'delete', id, text "
                         "FROM part WHERE " OF_MESSAGE " AND indexed = 1",
                         {number(message)}));
    HEARTH_TRY_VOID(
        database.execute("INSERT INTO fts_gram (fts_gram, rowid, text) SELECT 'delete', id, text "
                         "FROM part WHERE " OF_MESSAGE " AND indexed = 1",
                         {number(message)}));
    HEARTH_TRY_VOID(
        database.execute("UPDATE part SET indexed = 0 WHERE " OF_MESSAGE, {number(message)}));
    return {};
}

Result<void> forget_texts(Database& database, ConversationId conversation) {
    HEARTH_TRY_VOID(
        database.execute("INSERT INTO fts_word (fts_word, rowid, text) SELECT 'delete', id, text "
                         "FROM part WHERE " OF_CONVERSATION " AND indexed = 1",
                         {number(conversation)}));
    HEARTH_TRY_VOID(
        database.execute("INSERT INTO fts_gram (fts_gram, rowid, text) SELECT 'delete', id, text "
                         "FROM part WHERE " OF_CONVERSATION " AND indexed = 1",
                         {number(conversation)}));
    HEARTH_TRY_VOID(database.execute("UPDATE part SET indexed = 0 WHERE " OF_CONVERSATION,
                                     {number(conversation)}));
    return {};
}

}  // namespace hearth
