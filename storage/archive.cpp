#include "storage/archive.h"

#include <map>
#include <utility>

#include "storage/conversation_rows.h"
#include "storage/text_index.h"
#include "storage/ulid.h"

namespace hearth {

namespace {

Result<bool> is_here(Database& database, const std::string& uid) {
    HEARTH_TRY(const int64_t n, database.integer("SELECT count(*) FROM conversation WHERE uid = ?",
                                                 {std::string_view(uid)}));
    return n > 0;
}

tl::unexpected<Error> contradiction(const Conversation& conversation, std::string_view what) {
    return make_error(ErrorCode::bad_file, "conversation {}: {} (a damaged archive?)",
                      conversation.uid, what);
}

}  // namespace

Result<ArchivedConversation> Archive::read(ConversationId id) {
    ArchivedConversation archived;
    HEARTH_TRY(archived.conversation, conversations_.get(id));
    HEARTH_TRY(archived.setup, conversations_.setup(id));
    HEARTH_TRY(archived.tags, conversations_.tags(id));
    HEARTH_TRY(auto messages, conversations_.tree(id));
    for (Message& message : messages) {
        HEARTH_TRY(auto turns, run_stats_.turns_of(message.id));
        archived.messages.push_back({std::move(message), std::move(turns)});
    }
    return archived;
}

Result<std::optional<ConversationId>> Archive::add(const ArchivedConversation& archived) {
    const Conversation& from = archived.conversation;
    if (!is_ulid(from.uid)) return contradiction(from, "its uid is not a ULID");
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY(const bool here, is_here(database_, from.uid));
    if (here) return std::nullopt;
    HEARTH_TRY_VOID(database_.execute(
        "INSERT INTO conversation (uid, title, model, created_ms, updated_ms, setup) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        {std::string_view(from.uid), std::string_view(from.title), std::string_view(from.model),
         from.created_ms, from.updated_ms, std::string_view(archived.setup)}));
    const ConversationId id{database_.last_insert_id()};

    std::map<MessageId, MessageId> here_as;
    for (const ArchivedMessage& one : archived.messages) {
        std::optional<MessageId> parent;
        if (one.message.parent) {
            const auto found = here_as.find(*one.message.parent);
            if (found == here_as.end())
                return contradiction(from, "a message comes before its parent");
            parent = found->second;
        }
        HEARTH_TRY(const MessageId added, add_message(id, parent, one));
        if (!here_as.emplace(one.message.id, added).second) {
            return contradiction(from, "two messages have the same id");
        }
    }
    if (from.leaf) {
        const auto leaf = here_as.find(*from.leaf);
        if (leaf == here_as.end()) return contradiction(from, "the message it shows is not there");
        HEARTH_TRY_VOID(conversations_.select_leaf(id, leaf->second));
    }
    for (const std::string& tag : archived.tags) HEARTH_TRY_VOID(conversations_.tag(id, tag));
    HEARTH_TRY_VOID(transaction.commit());
    return id;
}

Result<MessageId> Archive::add_message(ConversationId id, std::optional<MessageId> parent,
                                       const ArchivedMessage& archived) {
    const Message& message = archived.message;
    const bool draft = message.state == MessageState::draft;
    HEARTH_TRY_VOID(database_.execute(
        "INSERT INTO message (conversation, parent, role, state, stop_reason, model, created_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        {number(id), id_or_null(parent), to_string(message.role),
         to_string(draft ? MessageState::stopped : message.state),
         draft ? kInterrupted : std::string_view(message.stop_reason),
         std::string_view(message.model), message.created_ms}));
    const MessageId added{database_.last_insert_id()};
    HEARTH_TRY_VOID(insert_parts(database_, added, message.content, message.parts));
    HEARTH_TRY_VOID(index_text(database_, added));
    for (const Turn& turn : archived.turns) HEARTH_TRY_VOID(run_stats_.add(added, turn));
    return added;
}

}  // namespace hearth
