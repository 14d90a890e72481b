// The writing half of Conversations; the reading half is conversations_read.cpp.
#include "storage/conversations.h"

#include <utility>

#include "storage/conversation_rows.h"
#include "storage/text_index.h"
#include "storage/ulid.h"

namespace hearth {

namespace {

constexpr size_t kMaxTagBytes = 64;

}  // namespace

// --- Writing ---------------------------------------------------------------------------------

Result<Conversation> Conversations::create(std::string_view model) {
    Conversation conversation;
    conversation.created_ms = conversation.updated_ms = now_ms();
    conversation.model = model;
    HEARTH_TRY(conversation.uid, make_ulid(conversation.created_ms));
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(
        database_.execute("INSERT INTO conversation (uid, title, model, created_ms, updated_ms) "
                          "VALUES (?, '', ?, ?, ?)",
                          {std::string_view(conversation.uid), model, conversation.created_ms,
                           conversation.updated_ms}));
    conversation.id = ConversationId{database_.last_insert_id()};
    HEARTH_TRY_VOID(transaction.commit());
    return conversation;
}

Result<void> Conversations::rename(ConversationId id, std::string_view title) {
    return exactly_one(
        database_.execute("UPDATE conversation SET title = ? WHERE id = ?", {title, number(id)}),
        "conversation", number(id), "does not exist");
}

Result<void> Conversations::remove(ConversationId id) {
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(forget_texts(database_, id));
    HEARTH_TRY_VOID(
        exactly_one(database_.execute("DELETE FROM conversation WHERE id = ?", {number(id)}),
                    "conversation", number(id), "does not exist"));
    return transaction.commit();
}

Result<MessageId> Conversations::append(const NewMessage& message) {
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(get(message.conversation));
    const int64_t now = now_ms();
    HEARTH_TRY_VOID(database_.execute(
        "INSERT INTO message (conversation, parent, role, state, stop_reason, model, created_ms) "
        "VALUES (?, ?, ?, ?, '', ?, ?)",
        {number(message.conversation), id_or_null(message.parent), to_string(message.role),
         to_string(message.state), message.model, now}));
    const MessageId id{database_.last_insert_id()};
    HEARTH_TRY_VOID(insert_parts(database_, id, message.content, message.parts));
    if (message.state != MessageState::draft) HEARTH_TRY_VOID(index_text(database_, id));
    const std::string title = message.role == Role::user ? title_from(message.content) : "";
    HEARTH_TRY_VOID(database_.execute(
        "UPDATE conversation SET leaf = ?, updated_ms = ?, "
        "title = CASE title WHEN '' THEN ? ELSE title END WHERE id = ?",
        {number(id), now, std::string_view(title), number(message.conversation)}));
    HEARTH_TRY_VOID(transaction.commit());
    return id;
}

Result<void> Conversations::grow(MessageId draft, std::string_view content) {
    HEARTH_TRY(auto transaction, Transaction::begin(database_, Durability::process));
    HEARTH_TRY_VOID(
        exactly_one(database_.execute("UPDATE part SET text = ? WHERE position = 0 AND message = "
                                      "(SELECT id FROM message WHERE id = ? AND state = 'draft')",
                                      {content, number(draft)}),
                    "message", number(draft), "is not a draft, its text stays"));
    return transaction.commit();
}

Result<void> Conversations::finish(MessageId draft, const Ending& ending) {
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(
        exactly_one(database_.execute("UPDATE message SET state = ?, stop_reason = ? "
                                      "WHERE id = ? AND state = 'draft'",
                                      {to_string(ending.state), ending.stop_reason, number(draft)}),
                    "message", number(draft), "is not a draft, its text stays"));
    HEARTH_TRY_VOID(database_.execute("UPDATE part SET text = ? WHERE message = ? AND position = 0",
                                      {ending.content, number(draft)}));
    HEARTH_TRY_VOID(index_text(database_, draft));
    HEARTH_TRY_VOID(
        database_.execute("UPDATE conversation SET updated_ms = ? "
                          "WHERE id = (SELECT conversation FROM message WHERE id = ?)",
                          {now_ms(), number(draft)}));
    return transaction.commit();
}

Result<void> Conversations::resume(MessageId answer) {
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(exactly_one(
        database_.execute("UPDATE message SET state = 'draft', stop_reason = '' "
                          "WHERE id = ? AND role = 'assistant' AND state IN ('stopped', 'failed') "
                          "AND id = (SELECT leaf FROM conversation c WHERE c.id = conversation)",
                          {number(answer)}),
        "message", number(answer), "is not an answer that can be continued"));
    HEARTH_TRY_VOID(forget_text(database_, answer));
    return transaction.commit();
}

Result<void> Conversations::select_leaf(ConversationId id, MessageId leaf) {
    return exactly_one(
        database_.execute("UPDATE conversation SET leaf = ?1 WHERE id = ?2 AND EXISTS "
                          "(SELECT 1 FROM message WHERE id = ?1 AND conversation = ?2)",
                          {number(leaf), number(id)}),
        "conversation", number(id), fmt::format("has no message {}", number(leaf)));
}

Result<std::vector<Message>> Conversations::stop_leftover_drafts() {
    HEARTH_TRY(auto drafts, all_messages(database_.query("SELECT " MESSAGE_COLUMNS
                                                         " FROM message m " MESSAGE_TEXT
                                                         "WHERE m.state = 'draft' "
                                                         "ORDER BY m.id DESC"),
                                         database_.path()));
    if (drafts.empty()) return drafts;
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    for (const Message& draft : drafts) HEARTH_TRY_VOID(index_text(database_, draft.id));
    HEARTH_TRY_VOID(database_.execute(
        "UPDATE message SET state = 'stopped', stop_reason = ? WHERE state = 'draft'",
        {kInterrupted}));
    HEARTH_TRY_VOID(transaction.commit());
    for (Message& draft : drafts) {
        draft.state = MessageState::stopped;
        draft.stop_reason = kInterrupted;
    }
    return drafts;
}

// --- What belongs to a conversation ----------------------------------------------------------

Result<void> Conversations::tag(ConversationId id, std::string_view name) {
    if (name.empty() || name.size() > kMaxTagBytes ||
        name.find_first_of(" \t\r\n,") != std::string_view::npos) {
        return make_error(ErrorCode::usage,
                          "a tag is one word of 1 to {} bytes without commas, this has {}",
                          kMaxTagBytes, name.size());
    }
    HEARTH_TRY_VOID(get(id));
    HEARTH_TRY_VOID(database_.execute(
        "INSERT INTO tag (conversation, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
        {number(id), name}));
    return {};
}

Result<void> Conversations::untag(ConversationId id, std::string_view name) {
    return exactly_one(database_.execute("DELETE FROM tag WHERE conversation = ? AND name = ?",
                                         {number(id), name}),
                       "conversation", number(id), "has no such tag");
}

Result<void> Conversations::set_setup(ConversationId id, std::string_view json) {
    return exactly_one(
        database_.execute("UPDATE conversation SET setup = ? WHERE id = ?", {json, number(id)}),
        "conversation", number(id), "does not exist");
}

std::string title_from(std::string_view content) {
    constexpr size_t kTitleChars = 60;
    constexpr std::string_view kBlank = " \t\r\n\v\f";
    const size_t begin = content.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return "";
    std::string_view line = content.substr(begin);
    line = line.substr(0, line.find_first_of("\r\n"));
    line = line.substr(0, line.find_last_not_of(kBlank) + 1);

    size_t chars = 0;
    for (size_t i = 0; i < line.size(); ++i) {
        const bool continues = (static_cast<unsigned char>(line[i]) & 0xC0) == 0x80;
        if (continues || chars++ < kTitleChars) continue;
        return std::string(line.substr(0, i)) + "…";
    }
    return std::string(line);
}

}  // namespace hearth
