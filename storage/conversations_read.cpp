// The reading half of Conversations.
#include <algorithm>
#include <utility>

#include "storage/conversation_rows.h"
#include "storage/conversations.h"
#include "storage/ulid.h"

namespace hearth {

namespace {

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

std::vector<std::string> split_tags(const std::string& joined) {
    std::vector<std::string> tags;
    for (size_t begin = 0; begin < joined.size();) {
        const size_t end = std::min(joined.find(',', begin), joined.size());
        tags.push_back(joined.substr(begin, end - begin));
        begin = end + 1;
    }
    std::sort(tags.begin(), tags.end());
    return tags;
}

// `messages` of one conversation, in order of their ids, with their parts beside the text.
Result<std::vector<Message>> with_parts(Database& database, ConversationId id,
                                        Result<std::vector<Message>> messages) {
    if (!messages) return messages;
    HEARTH_TRY(auto rows, database.query("SELECT p.message, p.kind, p.text, p.meta FROM message m "
                                         "JOIN part p ON p.message = m.id AND p.position > 0 "
                                         "WHERE m.conversation = ? ORDER BY p.message, p.position",
                                         {number(id)}));
    auto message = messages->begin();
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return messages;
        const MessageId owner{rows.integer(0)};
        while (message != messages->end() && number(message->id) < number(owner)) ++message;
        if (message == messages->end() || message->id != owner) continue;  // of another branch
        message->parts.push_back({rows.text(1), rows.text(2), rows.text(3)});
    }
}

}  // namespace

Result<std::vector<ConversationSummary>> Conversations::list(const ListFilter& filter) {
    constexpr size_t kMost = INT64_MAX;
    HEARTH_TRY(
        auto rows,
        database_.query("SELECT " CONVERSATION_COLUMNS
                        ", (SELECT count(*) FROM message m WHERE m.conversation = c.id), "
                        "coalesce((SELECT substr(p.text, 1, ?1) FROM part p "
                        "          WHERE p.message = c.leaf AND p.position = 0), ''), "
                        "coalesce((SELECT group_concat(name, ',') FROM tag t "
                        "          WHERE t.conversation = c.id), '') "
                        "FROM conversation c "
                        "WHERE ?2 = '' OR EXISTS (SELECT 1 FROM tag t "
                        "                         WHERE t.conversation = c.id AND t.name = ?2) "
                        "ORDER BY c.updated_ms DESC, c.id DESC LIMIT ?3 OFFSET ?4",
                        {int64_t{kPreviewChars}, std::string_view(filter.tag),
                         static_cast<int64_t>(std::min(filter.limit, kMost)),
                         static_cast<int64_t>(std::min(filter.skip, kMost))}));
    std::vector<ConversationSummary> summaries;
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return summaries;
        summaries.push_back(
            {conversation_at(rows), static_cast<uint64_t>(rows.integer(kConversationColumns)),
             rows.text(kConversationColumns + 1), split_tags(rows.text(kConversationColumns + 2))});
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
    auto branch =
        all_messages(database_.query("WITH RECURSIVE branch (id, parent) AS ("
                                     "  SELECT id, parent FROM message WHERE id = ? "
                                     "  UNION ALL "
                                     "  SELECT m.id, m.parent FROM branch JOIN message m "
                                     "    ON m.id = branch.parent AND m.id < branch.id) "
                                     "SELECT " MESSAGE_COLUMNS
                                     " FROM branch JOIN message m ON m.id = branch.id " MESSAGE_TEXT
                                     "ORDER BY m.id",
                                     {id_or_null(conversation.leaf)}),
                     database_.path());
    return with_parts(database_, id, std::move(branch));
}

Result<std::vector<Message>> Conversations::tree(ConversationId id) {
    HEARTH_TRY_VOID(get(id));
    auto all =
        all_messages(database_.query("SELECT " MESSAGE_COLUMNS " FROM message m " MESSAGE_TEXT
                                     "WHERE m.conversation = ? ORDER BY m.id",
                                     {number(id)}),
                     database_.path());
    return with_parts(database_, id, std::move(all));
}

Result<std::vector<std::string>> Conversations::tags(ConversationId id) {
    HEARTH_TRY(
        auto rows,
        database_.query("SELECT name FROM tag WHERE conversation = ? ORDER BY name", {number(id)}));
    std::vector<std::string> names;
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return names;
        names.push_back(rows.text(0));
    }
}

Result<std::string> Conversations::setup(ConversationId id) {
    HEARTH_TRY(auto row,
               database_.query("SELECT setup FROM conversation WHERE id = ?", {number(id)}));
    HEARTH_TRY(const bool found, row.next());
    if (found) return row.text(0);
    return make_error(ErrorCode::usage, "conversation {}: does not exist", number(id));
}

}  // namespace hearth
