// A conversation as a document or a line of a list. Pure functions; nothing is filtered for a
// terminal unless the type says so.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/ui/safe_text.h"
#include "storage/conversations.h"
#include "storage/search.h"

namespace hearth {

// "   12  2026-11-20 09:41   8 messages  Why is the sky blue?\n"
SafeText list_line(const ConversationSummary& summary);

// "   12  2026-11-20 09:41  you     ...the match in its line...\n"; the match between `on` and
// `off`, which are control sequences or "".
SafeText hit_line(const SearchHit& hit, std::string_view on, std::string_view off);

// "12 'Why is the sky blue?'"
SafeText quoted_title(const Conversation& conversation);

// The messages of the shown branch.
std::string as_text(const Conversation& conversation, std::span<const Message> messages);
std::string as_markdown(const Conversation& conversation, std::span<const Message> messages);

// " (stopped)" behind an answer that did not end by itself, "" behind the others.
std::string_view ending_note(const Message& message);

}  // namespace hearth
