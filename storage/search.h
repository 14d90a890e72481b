// Search: messages that hold what a person types, newest first.
//
// Every word of the query has to be in the message, in any order; "a phrase" in quotes as it
// stands. A word is found at the beginning of words (whatever its case and diacritics) and, from
// three characters on, anywhere inside words and in scripts that write without spaces. Shorter
// pieces of such scripts (检索, 検索) are looked for in the text itself: the trigram index holds
// nothing shorter than three characters, and asked for less it answers "nothing" instead of
// "cannot" (SQLite 3.40).
//
// Answers that are still growing are found when they are finished.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "storage/conversations.h"

namespace hearth {

class Database;

struct SearchHit {
    Conversation conversation;
    std::optional<MessageId> message;  // none: the title matches
    Role role = Role::user;
    int64_t created_ms = 0;
    std::string excerpt;     // on one line, around the first match
    size_t match_begin = 0;  // in bytes of the excerpt; both 0 where only a folded form matches
    size_t match_bytes = 0;
};

struct SearchFilter {
    size_t limit = 50;
    std::string tag = "";  // "" = any
};

// The search of a Store; used by the thread that owns it.
class Search {
  public:
    explicit Search(Database& database) : database_(database) {}

    // Titles first, then messages. usage when the query has no words, too many of them, or a quote
    // that does not end.
    Result<std::vector<SearchHit>> find(std::string_view query, const SearchFilter& filter);

    // Makes both indexes anew from the messages (after damage, or to be sure).
    Result<void> rebuild();
    // Takes what was deleted out of the indexes for good. Seconds where there is much.
    Result<void> forget_deleted();

  private:
    Result<std::vector<SearchHit>> find_titles(const std::vector<std::string>& terms,
                                               const SearchFilter& filter);

    Database& database_;
};

}  // namespace hearth
