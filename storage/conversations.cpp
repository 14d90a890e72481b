#include "storage/conversations.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/base/check.h"
#include "storage/database.h"
#include "storage/ulid.h"

namespace hearth {

namespace {

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles{{
    {Role::system, "system"},
    {Role::user, "user"},
    {Role::assistant, "assistant"},
}};
constexpr std::array<std::pair<MessageState, std::string_view>, 4> kStates{{
    {MessageState::draft, "draft"},
    {MessageState::done, "done"},
    {MessageState::stopped, "stopped"},
    {MessageState::failed, "failed"},
}};

template <typename Table, typename Key>
std::string_view word_of(const Table& table, Key key) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == key; });
    HEARTH_CHECK(found != table.end());
    return found->second;
}

template <typename Value, typename Table>
Result<Value> value_of(const Table& table, std::string_view word, const std::string& file) {
    for (const auto& [value, name] : table) {
        if (name == word) return value;
    }
    return make_error(ErrorCode::bad_file, "{}: damaged, a message has an unknown role or state",
                      file);
}

int64_t now_ms() {
    using std::chrono::milliseconds;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<milliseconds>(now).count();
}

SqlValue id_or_null(const std::optional<MessageId>& id) {
    return id ? SqlValue(number(*id)) : SqlValue(nullptr);
}

std::optional<MessageId> id_at(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return MessageId{row.integer(column)};
}

#define CONVERSATION_COLUMNS "c.id, c.uid, c.title, c.model, c.created_ms, c.updated_ms, c.leaf"
#define MESSAGE_COLUMNS                                                                       \
    "m.id, m.conversation, m.parent, m.role, m.state, m.stop_reason, m.model, m.created_ms, " \
    "coalesce(p.text, '')"
#define MESSAGE_TEXT "LEFT JOIN part p ON p.message = m.id AND p.position = 0 "

Conversation conversation_at(const Statement& row) {
    Conversation conversation;
    conversation.id = ConversationId{row.integer(0)};
    conversation.uid = row.text(1);
    conversation.title = row.text(2);
    conversation.model = row.text(3);
    conversation.created_ms = row.integer(4);
    conversation.updated_ms = row.integer(5);
    conversation.leaf = id_at(row, 6);
    return conversation;
}
constexpr int kConversationColumns = 7;

Result<Message> message_at(const Statement& row, const std::string& file) {
    Message message;
    message.id = MessageId{row.integer(0)};
    message.conversation = ConversationId{row.integer(1)};
    message.parent = id_at(row, 2);
    HEARTH_TRY(message.role, value_of<Role>(kRoles, row.text(3), file));
    HEARTH_TRY(message.state, value_of<MessageState>(kStates, row.text(4), file));
    message.stop_reason = row.text(5);
    message.model = row.text(6);
    message.created_ms = row.integer(7);
    message.content = row.text(8);
    return message;
}

Result<std::vector<Message>> all_messages(Result<Statement> rows, const std::string& file) {
    if (!rows) return tl::unexpected(rows.error());
    std::vector<Message> messages;
    while (true) {
        HEARTH_TRY(const bool more, rows->next());
        if (!more) return messages;
        HEARTH_TRY(Message message, message_at(*rows, file));
        messages.push_back(std::move(message));
    }
}

// A change that must hit exactly the row it names.
Result<void> exactly_one(Result<int64_t> changed, std::string_view what, int64_t id,
                         std::string_view otherwise) {
    if (!changed) return tl::unexpected(changed.error());
    if (*changed == 1) return {};
    return make_error(ErrorCode::usage, "{} {}: {}", what, id, otherwise);
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 18 && text.front() != '0' &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The prefix in the ULID's alphabet; nullopt when it cannot be one.
std::optional<std::string> uid_prefix(std::string_view text) {
    if (text.empty() || text.size() > kUlidChars) return std::nullopt;
    std::string prefix;
    for (const char c : text) {
        const bool lower = c >= 'a' && c <= 'z';
        const bool valid = lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!valid) return std::nullopt;
        prefix += lower ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return prefix;
}

}  // namespace

std::string_view to_string(Role role) {
    return word_of(kRoles, role);
}

std::string_view to_string(MessageState state) {
    return word_of(kStates, state);
}

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
    HEARTH_TRY_VOID(database_.execute(
        "INSERT INTO part (message, position, kind, text) VALUES (?, 0, 'text', ?)",
        {number(id), message.content}));
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
    HEARTH_TRY_VOID(
        database_.execute("UPDATE conversation SET updated_ms = ? "
                          "WHERE id = (SELECT conversation FROM message WHERE id = ?)",
                          {now_ms(), number(draft)}));
    return transaction.commit();
}

Result<void> Conversations::resume(MessageId answer) {
    return exactly_one(
        database_.execute("UPDATE message SET state = 'draft', stop_reason = '' "
                          "WHERE id = ? AND role = 'assistant' AND state IN ('stopped', 'failed') "
                          "AND id = (SELECT leaf FROM conversation c WHERE c.id = conversation)",
                          {number(answer)}),
        "message", number(answer), "is not an answer that can be continued");
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
    HEARTH_TRY_VOID(database_.execute(
        "UPDATE message SET state = 'stopped', stop_reason = ? WHERE state = 'draft'",
        {kInterrupted}));
    for (Message& draft : drafts) {
        draft.state = MessageState::stopped;
        draft.stop_reason = kInterrupted;
    }
    return drafts;
}

// --- Reading ---------------------------------------------------------------------------------

Result<std::vector<ConversationSummary>> Conversations::list(size_t limit, size_t skip) {
    constexpr size_t kMost = INT64_MAX;
    HEARTH_TRY(auto rows, database_.query(
                              "SELECT " CONVERSATION_COLUMNS
                              ", (SELECT count(*) FROM message m WHERE m.conversation = c.id), "
                              "coalesce((SELECT substr(p.text, 1, ?) FROM part p "
                              "          WHERE p.message = c.leaf AND p.position = 0), '') "
                              "FROM conversation c ORDER BY c.updated_ms DESC, c.id DESC "
                              "LIMIT ? OFFSET ?",
                              {int64_t{kPreviewChars}, static_cast<int64_t>(std::min(limit, kMost)),
                               static_cast<int64_t>(std::min(skip, kMost))}));
    std::vector<ConversationSummary> summaries;
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return summaries;
        summaries.push_back({conversation_at(rows),
                             static_cast<uint64_t>(rows.integer(kConversationColumns)),
                             rows.text(kConversationColumns + 1)});
    }
}

Result<Conversation> Conversations::get(ConversationId id) {
    HEARTH_TRY(auto row,
               database_.query("SELECT " CONVERSATION_COLUMNS " FROM conversation c WHERE c.id = ?",
                               {number(id)}));
    HEARTH_TRY(const bool found, row.next());
    if (found) return conversation_at(row);
    return make_error(ErrorCode::usage, "conversation {}: does not exist", number(id));
}

Result<std::optional<Conversation>> Conversations::latest() {
    HEARTH_TRY(auto row, database_.query("SELECT " CONVERSATION_COLUMNS " FROM conversation c "
                                         "ORDER BY c.updated_ms DESC, c.id DESC LIMIT 1"));
    HEARTH_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    return conversation_at(row);
}

Result<Conversation> Conversations::find(std::string_view number_or_uid) {
    if (is_number(number_or_uid)) {
        int64_t id = 0;
        for (const char digit : number_or_uid) id = id * 10 + (digit - '0');
        return get(ConversationId{id});
    }
    const auto prefix = uid_prefix(number_or_uid);
    if (!prefix) {
        return make_error(
            ErrorCode::usage,
            "not the number or id of a conversation (`hearth history list` shows them)");
    }
    const std::string after = *prefix + "~";  // sorts behind every character of a ULID
    HEARTH_TRY(auto rows, database_.query("SELECT " CONVERSATION_COLUMNS " FROM conversation c "
                                          "WHERE c.uid >= ? AND c.uid < ? LIMIT 2",
                                          {std::string_view(*prefix), std::string_view(after)}));
    HEARTH_TRY(const bool found, rows.next());
    if (!found) return make_error(ErrorCode::usage, "conversation {}: does not exist", *prefix);
    Conversation conversation = conversation_at(rows);
    HEARTH_TRY(const bool ambiguous, rows.next());
    if (!ambiguous) return conversation;
    return make_error(ErrorCode::usage, "conversation {}: several begin so (give more of it)",
                      *prefix);
}

Result<std::vector<Message>> Conversations::path(ConversationId id) {
    HEARTH_TRY(const Conversation conversation, get(id));
    // A parent is always older than its child, so the walk ends whatever the file says.
    return all_messages(
        database_.query("WITH RECURSIVE branch (id, parent) AS ("
                        "  SELECT id, parent FROM message WHERE id = ? "
                        "  UNION ALL "
                        "  SELECT m.id, m.parent FROM branch JOIN message m "
                        "    ON m.id = branch.parent AND m.id < branch.id) "
                        "SELECT " MESSAGE_COLUMNS
                        " FROM branch JOIN message m ON m.id = branch.id " MESSAGE_TEXT
                        "ORDER BY m.id",
                        {id_or_null(conversation.leaf)}),
        database_.path());
}

Result<std::vector<Message>> Conversations::tree(ConversationId id) {
    HEARTH_TRY_VOID(get(id));
    return all_messages(database_.query("SELECT " MESSAGE_COLUMNS " FROM message m " MESSAGE_TEXT
                                        "WHERE m.conversation = ? ORDER BY m.id",
                                        {number(id)}),
                        database_.path());
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
