#include "storage/text_index.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace hearth {
namespace {

// Words and trigrams (migrations.cpp): both are told of the same texts.
constexpr std::array<std::string_view, 2> kIndexes{"fts_word", "fts_gram"};

// Which parts a statement is about.
constexpr std::string_view kOfMessage = "message = ? AND position = 0";
constexpr std::string_view kOfConversation =
    "message IN (SELECT id FROM message WHERE conversation = ?)";

Result<void> mark(Database& database, std::string_view parts, int64_t id, bool indexed) {
    HEARTH_TRY_VOID(database.execute(
        fmt::format("UPDATE part SET indexed = {} WHERE {}", indexed ? 1 : 0, parts), {id}));
    return {};
}

// An index of outside content forgets a text when it is told what the text was.
Result<void> forget(Database& database, std::string_view parts, int64_t id) {
    for (const std::string_view index : kIndexes) {
        HEARTH_TRY_VOID(database.execute(
            fmt::format("INSERT INTO {0} ({0}, rowid, text) SELECT 'delete', id, text FROM part "
                        "WHERE {1} AND indexed = 1",
                        index, parts),
            {id}));
    }
    return mark(database, parts, id, false);
}

}  // namespace

Result<void> index_text(Database& database, MessageId message) {
    for (const std::string_view index : kIndexes) {
        HEARTH_TRY_VOID(
            database.execute(fmt::format("INSERT INTO {} (rowid, text) SELECT id, text FROM part "
                                         "WHERE {} AND indexed = 0",
                                         index, kOfMessage),
                             {number(message)}));
    }
    return mark(database, kOfMessage, number(message), true);
}

Result<void> forget_text(Database& database, MessageId message) {
    return forget(database, kOfMessage, number(message));
}

Result<void> forget_texts(Database& database, ConversationId conversation) {
    return forget(database, kOfConversation, number(conversation));
}

}  // namespace hearth
