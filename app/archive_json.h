// Conversations, characters and samples as JSON and back: what `hearth history export` writes and
// `hearth history import` reads.
//
// An archive is lines of JSON: a header {"hearth_archive": 1, ...}, then one object a line with the
// key "conversation", "character" or "sample". Text that is not UTF-8 is written as {"hex": "..."},
// so that nothing is lost. Unknown keys are skipped: a later hearth may write more.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/base/result.h"
#include "storage/archive.h"
#include "storage/characters.h"

namespace hearth {

inline constexpr int kArchiveVersion = 1;

struct ArchiveHeader {
    int version = kArchiveVersion;
};
using ArchiveItem = std::variant<ArchiveHeader, ArchivedConversation, StoredCharacter, Sample>;

// One line without its line break.
std::string archive_line(const ArchiveItem& item);

// Errors: bad_file, "<what is wrong>", without a file or line: the caller knows them.
Result<ArchiveItem> parse_archive_line(std::string_view line);

// One conversation for people's own tools, indented, with every branch and statistic. With `ascii`
// everything else is escaped.
std::string conversation_json(const ArchivedConversation& conversation, bool ascii);

}  // namespace hearth
