// Conversations: every message a person and a model wrote, as a tree that only grows.
//
// A conversation is a tree of messages. An edit or a second answer is a new child of the same
// parent; the `leaf` says which branch is shown. Text is written once, except for an answer that is
// being generated: a draft, which grows until it is finished and never changes after that.
//
// What a call wrote is on the disk when it returns (P2): append, finish and the rest are synced;
// grow alone is only safe against the death of the process, not of the power.
//
// Errors: machine when the disk or the lock says no, bad_file when the database is damaged, usage
// when something does not exist or is finished. After an error nothing of the call was written, and
// the same call may be made again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace hearth {

class Database;

enum class ConversationId : int64_t {};  // the number people type; never used twice
enum class MessageId : int64_t {};
constexpr int64_t number(ConversationId id) {
    return static_cast<int64_t>(id);
}
constexpr int64_t number(MessageId id) {
    return static_cast<int64_t>(id);
}

enum class Role { system, user, assistant };
enum class MessageState {
    draft,    // an answer that is growing
    done,     // complete
    stopped,  // ended early: by the person, a limit, or the death of the program
    failed,   // ended by an error
};
// The words that the database and the exports use.
std::string_view to_string(Role role);
std::string_view to_string(MessageState state);

// The stop_reason of an answer whose program died while it grew.
inline constexpr std::string_view kInterrupted = "interrupted";

struct Conversation {
    ConversationId id{};
    std::string uid;    // ULID: stays the same in exports and imports
    std::string title;  // "" until the first message
    std::string model;  // the model it was begun with
    int64_t created_ms = 0;
    int64_t updated_ms = 0;
    std::optional<MessageId> leaf;  // last message of the branch that is shown
};

struct ConversationSummary {
    Conversation conversation;
    uint64_t messages = 0;  // of all branches
    std::string preview;    // beginning of the leaf's text, at most kPreviewChars characters
    std::vector<std::string> tags;  // sorted
};
inline constexpr int kPreviewChars = 160;

// Which conversations list() gives.
struct ListFilter {
    size_t limit = SIZE_MAX;
    size_t skip = 0;
    std::string tag = "";  // "" = any
};

// What a message has beside its text: a file that was sent along, lore that entered the prompt.
// `meta` is JSON that the app writes and only the app understands.
struct Part {
    std::string kind;
    std::string text;
    std::string meta = "";
    bool operator==(const Part&) const = default;
};

struct Message {
    MessageId id{};
    ConversationId conversation{};
    std::optional<MessageId> parent;  // none: the first of its branch
    Role role = Role::user;
    MessageState state = MessageState::done;
    std::string content;
    std::string stop_reason;  // "" unless an answer ended: end_of_turn, length, ..., interrupted
    std::string model;        // who answered; "" for people
    int64_t created_ms = 0;
    std::vector<Part> parts = {};  // beside the text, in order
};

struct NewMessage {
    ConversationId conversation{};
    std::optional<MessageId> parent = std::nullopt;
    Role role = Role::user;
    std::string_view content = "";
    MessageState state = MessageState::done;
    std::string_view model = "";
    std::vector<Part> parts = {};
};

// How an answer ended.
struct Ending {
    MessageState state = MessageState::done;  // not draft
    std::string_view content = "";            // the whole answer
    std::string_view stop_reason = "";
};

// The tables of conversations. Belongs to a Store; used by the thread that owns it.
class Conversations {
  public:
    explicit Conversations(Database& database) : database_(database) {}

    // An empty conversation. The title comes from the first message of the user, until rename().
    Result<Conversation> create(std::string_view model);
    Result<void> rename(ConversationId id, std::string_view title);
    // The conversation with all its messages and statistics.
    Result<void> remove(ConversationId id);

    // Adds a message below its parent (which must be of the same conversation) and makes it the
    // leaf. With state draft it can grow.
    Result<MessageId> append(const NewMessage& message);
    // Replaces the text of a draft. Call at least every 250 ms while the answer grows.
    Result<void> grow(MessageId draft, std::string_view content);
    // Ends a draft.
    Result<void> finish(MessageId draft, const Ending& ending);
    // Makes the leaf's stopped or failed answer a draft again, to continue it.
    Result<void> resume(MessageId answer);
    // Shows the branch that ends in `leaf`.
    Result<void> select_leaf(ConversationId id, MessageId leaf);

    // A tag is one word. Tagging twice is no error; taking away what is not there is (usage).
    Result<void> tag(ConversationId id, std::string_view name);
    Result<void> untag(ConversationId id, std::string_view name);
    Result<std::vector<std::string>> tags(ConversationId id);  // sorted
    // What the app needs to build this conversation's prompts: JSON of its own, "" = nothing.
    Result<void> set_setup(ConversationId id, std::string_view json);
    Result<std::string> setup(ConversationId id);

    // Newest first.
    Result<std::vector<ConversationSummary>> list(const ListFilter& filter);
    Result<std::vector<ConversationSummary>> list(size_t limit, size_t skip = 0) {
        return list(ListFilter{.limit = limit, .skip = skip});
    }
    Result<Conversation> get(ConversationId id);
    // The conversation that was written to last, if there is any.
    Result<std::optional<Conversation>> latest();
    // By number ("12") or by the beginning of the uid ("01J3K"). usage when none or several fit.
    Result<Conversation> find(std::string_view number_or_uid);
    // The messages of the shown branch, first to leaf.
    Result<std::vector<Message>> path(ConversationId id);
    // All messages of all branches, in order of writing.
    Result<std::vector<Message>> tree(ConversationId id);

    // Marks the drafts that a dead program left as stopped, reason kInterrupted, and returns them,
    // newest first. Store::open calls it once.
    Result<std::vector<Message>> stop_leftover_drafts();

  private:
    Database& database_;
};

// A title from the first message: its first line with words, at most 60 characters.
std::string title_from(std::string_view content);

}  // namespace hearth
