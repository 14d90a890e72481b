// Style: what a piece of text is, not what it looks like. A theme (theme.h) says the latter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

enum class Ink : uint8_t {
    text,
    dim,      // labels, rules, hints
    accent,   // the caret's mark, the names of who speaks
    user,     // what the person said
    heading,  // Markdown, and titles of boxes
    code,
    keyword,
    string,
    comment,
    number,
    link,
    good,
    warning,
    error,
    bar,     // the status line
    select,  // the chosen line of a list, the found word
};
inline constexpr size_t kInks = static_cast<size_t>(Ink::select) + 1;

struct Style {
    Ink ink = Ink::text;
    bool bold = false;
    bool italic = false;
    bool underline = false;

    bool operator==(const Style&) const = default;
};

// A piece of a line. The text is safe to show and holds no line break.
struct Span {
    std::string text;
    Style style;

    bool operator==(const Span&) const = default;
};

using StyledLine = std::vector<Span>;

}  // namespace hearth
