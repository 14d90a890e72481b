// Glyph: what one character cell (or two) of the terminal shows, and how text falls into glyphs.
//
// A person sees grapheme clusters; a terminal counts columns per code point, and terminals disagree
// about joined emoji. So a cluster is drawn as its first member and the marks on it: every terminal
// and ncurses then agree on its width, which is what wcwidth() says about the first member. What
// this libc does not know is drawn as U+FFFD.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

struct Glyph {
    static constexpr size_t kMarks = 3;  // more are dropped: text stacked on one letter
    char32_t base = U' ';
    std::array<char32_t, kMarks> marks{};  // 0 = none
    uint8_t columns = 1;                   // 1 or 2

    bool operator==(const Glyph&) const = default;
};

// One grapheme cluster of a text.
struct Cluster {
    Glyph glyph;
    size_t bytes = 0;  // of the text, at least 1
};

// The first cluster of `text`, which is not empty. Whatever the text holds, the glyph is harmless:
// control characters and bad UTF-8 become U+FFFD (text that is shown has been through safe_text(),
// which says it better).
Cluster first_cluster(std::string_view text);

// The columns that `text` takes on one line.
size_t columns_of(std::string_view text);

// The beginning of `text` that fits; with `ellipsis` "…" stands for what does not.
std::string fit(std::string_view text, size_t columns, bool ellipsis = true);

void append_utf8(std::string& out, const Glyph& glyph);

}  // namespace hearth
