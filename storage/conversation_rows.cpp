#include "storage/conversation_rows.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/base/check.h"

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

template <typename Value, size_t n>
std::optional<Value> value_of(const std::array<std::pair<Value, std::string_view>, n>& table,
                              std::string_view word) {
    for (const auto& [value, name] : table) {
        if (name == word) return value;
    }
    return std::nullopt;
}

std::optional<MessageId> id_at(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return MessageId{row.integer(column)};
}

Result<Message> message_at(const Statement& row, const std::string& file) {
    const auto role = role_of(row.text(3));
    const auto state = state_of(row.text(4));
    if (!role || !state) {
        return make_error(ErrorCode::bad_file,
                          "{}: damaged, a message has an unknown role or state", file);
    }
    Message message;
    message.id = MessageId{row.integer(0)};
    message.conversation = ConversationId{row.integer(1)};
    message.parent = id_at(row, 2);
    message.role = *role;
    message.state = *state;
    message.stop_reason = row.text(5);
    message.model = row.text(6);
    message.created_ms = row.integer(7);
    message.content = row.text(8);
    return message;
}

}  // namespace

std::string_view to_string(Role role) {
    return word_of(kRoles, role);
}

std::string_view to_string(MessageState state) {
    return word_of(kStates, state);
}

std::optional<Role> role_of(std::string_view word) {
    return value_of(kRoles, word);
}

std::optional<MessageState> state_of(std::string_view word) {
    return value_of(kStates, word);
}

int64_t now_ms() {
    using std::chrono::milliseconds;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<milliseconds>(now).count();
}

SqlValue id_or_null(const std::optional<MessageId>& id) {
    return id ? SqlValue(number(*id)) : SqlValue(nullptr);
}

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

Result<void> insert_parts(Database& database, MessageId message, std::string_view content,
                          const std::vector<Part>& parts) {
    HEARTH_TRY_VOID(database.execute(
        "INSERT INTO part (message, position, kind, text) VALUES (?, 0, 'text', ?)",
        {number(message), content}));
    int64_t position = 0;
    for (const Part& part : parts) {
        HEARTH_TRY_VOID(database.execute(
            "INSERT INTO part (message, position, kind, text, meta) VALUES (?, ?, ?, ?, ?)",
            {number(message), ++position, std::string_view(part.kind), std::string_view(part.text),
             std::string_view(part.meta)}));
    }
    return {};
}

Result<void> exactly_one(const Result<int64_t>& changed, std::string_view what, int64_t id,
                         std::string_view otherwise) {
    if (!changed) return tl::unexpected(changed.error());
    if (*changed == 1) return {};
    return make_error(ErrorCode::usage, "{} {}: {}", what, id, otherwise);
}

}  // namespace hearth
