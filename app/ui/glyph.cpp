#include "app/ui/glyph.h"

#include <utf8proc.h>
#include <wchar.h>

#include "engine/base/utf8.h"

namespace hearth {
namespace {

bool is_plain_ascii(char c) {
    return c >= 0x20 && c < 0x7F;
}

// Columns of one code point by this libc; -1 for what it does not know and for controls.
int width_of(char32_t value) {
    return ::wcwidth(static_cast<wchar_t>(value));
}

// Joiners and variation selectors choose a picture; alone they would change the width.
bool is_selector(char32_t value) {
    return value == 0x200D || (0xFE00 <= value && value <= 0xFE0F) ||
           (0xE0100 <= value && value <= 0xE01EF);
}

Glyph glyph_of(char32_t first) {
    Glyph glyph;
    glyph.base = first;
    const int columns = width_of(first);
    if (columns < 0) {
        glyph.base = kReplacement;
    } else if (columns == 0) {  // a mark with nothing to stand on
        glyph.base = U' ';
        if (!is_selector(first)) glyph.marks[0] = first;
    } else {
        glyph.columns = static_cast<uint8_t>(columns);
    }
    return glyph;
}

void add_mark(Glyph& glyph, char32_t mark) {
    if (is_selector(mark) || width_of(mark) != 0) return;
    for (char32_t& place : glyph.marks) {
        if (place != 0) continue;
        place = mark;
        return;
    }
}

}  // namespace

Cluster first_cluster(std::string_view text) {
    if (is_plain_ascii(text[0]) && (text.size() == 1 || is_plain_ascii(text[1]))) {
        Cluster cluster;
        cluster.glyph.base = static_cast<char32_t>(text[0]);
        cluster.bytes = 1;
        return cluster;
    }
    CodePoint point = decode_utf8(text);
    Cluster cluster{glyph_of(point.value), point.bytes};
    utf8proc_int32_t state = 0;
    bool joined = false;
    while (cluster.bytes < text.size()) {
        const CodePoint next = decode_utf8(text.substr(cluster.bytes));
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(point.value),
                                             static_cast<utf8proc_int32_t>(next.value), &state)) {
            break;
        }
        joined = joined || next.value == 0x200D;
        // A flag is two letters that terminals join by themselves: each keeps its cell.
        if (width_of(next.value) > 0 && !joined && point.value >= 0x1F1E6 &&
            point.value <= 0x1F1FF) {
            break;
        }
        if (!joined) add_mark(cluster.glyph, next.value);
        cluster.bytes += next.bytes;
        point = next;
    }
    return cluster;
}

size_t columns_of(std::string_view text) {
    size_t columns = 0;
    while (!text.empty()) {
        const Cluster cluster = first_cluster(text);
        columns += cluster.glyph.columns;
        text.remove_prefix(cluster.bytes);
    }
    return columns;
}

std::string fit(std::string_view text, size_t columns, bool ellipsis) {
    if (columns == 0) return "";
    size_t used = 0;
    size_t bytes = 0;
    size_t bytes_before_last = 0;  // where "…" goes when the text does not fit
    while (bytes < text.size()) {
        const Cluster cluster = first_cluster(text.substr(bytes));
        if (used + cluster.glyph.columns > columns) {
            if (!ellipsis) return std::string(text.substr(0, bytes));
            return std::string(text.substr(0, bytes_before_last)) + "…";
        }
        used += cluster.glyph.columns;
        bytes += cluster.bytes;
        if (used < columns) bytes_before_last = bytes;
    }
    return std::string(text);
}

void append_utf8(std::string& out, const Glyph& glyph) {
    append_utf8(out, glyph.base);
    for (const char32_t mark : glyph.marks) {
        if (mark != 0) append_utf8(out, mark);
    }
}

}  // namespace hearth
