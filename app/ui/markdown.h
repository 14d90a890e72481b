// Markdown as lines of the transcript: CommonMark with tables and strike-through, read by md4c.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "app/ui/style.h"

namespace hearth {

// Appends the lines of `text`, which is safe to show. `indent` columns stand in front of each line.
// Raw HTML is shown as it is written; an unclosed fence is code to the end.
void append_markdown(std::string_view text, size_t columns, size_t indent,
                     std::vector<StyledLine>& lines);

// How much of a growing text is settled: more text does not change how its blocks look. Ends
// behind an empty line that is not inside a fence and is not followed by more of a list.
size_t settled_bytes(std::string_view text);

}  // namespace hearth
