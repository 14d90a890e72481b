// Word wrap by display width.
#pragma once

#include <string_view>
#include <vector>

#include "app/ui/style.h"

namespace hearth {

// What stands in front of a wrapped paragraph: "• " and then "  ".
struct Indent {
    StyledLine first;
    StyledLine rest;
};

// Breaks one paragraph (spans without line breaks) into lines of at most `columns` (at least 1):
// behind spaces and hyphens and between wide characters, in a word only when it is longer than a
// line. The indent counts; it is left out where it would leave no room. Tabs become four spaces.
std::vector<StyledLine> wrap(const StyledLine& paragraph, size_t columns,
                             const Indent& indent = {});

// The lines of a plain text in one style. Appends to `lines`.
void wrap_text(std::string_view text, Style style, size_t columns, const Indent& indent,
               std::vector<StyledLine>& lines);

size_t columns_of(const StyledLine& line);
std::string plain(const StyledLine& line);

}  // namespace hearth
