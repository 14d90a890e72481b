// Archive: conversations as wholes, taken out of one store and put into another.
//
// What export, wipe and import have to keep: every message of every branch, its parts, the
// statistics of its turns, tags, set-up and titles. Numbers are given anew; uids stay, so the same
// conversation is never there twice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "storage/conversations.h"
#include "storage/run_stats.h"

namespace hearth {

class Database;

struct ArchivedMessage {
    Message message;  // its ids hold within the archive only
    std::vector<Turn> turns;
};

struct ArchivedConversation {
    Conversation conversation;
    std::string setup;
    std::vector<std::string> tags;
    std::vector<ArchivedMessage> messages;  // parents before children
};

// Belongs to a Store; used by the thread that owns it.
class Archive {
  public:
    Archive(Database& database, Conversations& conversations, RunStatsLog& run_stats)
        : database_(database), conversations_(conversations), run_stats_(run_stats) {}

    Result<ArchivedConversation> read(ConversationId id);

    // Adds a conversation, all of it or nothing. nullopt when one of this uid is here already: what
    // is here stays. bad_file when the archive contradicts itself (a parent that is not there).
    // Drafts come in as interrupted answers.
    Result<std::optional<ConversationId>> add(const ArchivedConversation& archived);

  private:
    Result<MessageId> add_message(ConversationId id, std::optional<MessageId> parent,
                                  const ArchivedMessage& archived);

    Database& database_;
    Conversations& conversations_;
    RunStatsLog& run_stats_;
};

}  // namespace hearth
