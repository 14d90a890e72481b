#include "app/ui/wrap.h"

#include <algorithm>

#include "app/ui/glyph.h"

namespace hearth {
namespace {

constexpr size_t kTabColumns = 4;

// A cluster of the paragraph, and whether a line may end behind it.
struct Piece {
    std::string_view text;
    uint8_t columns;
    bool is_space;
    bool may_break;
    Style style;
};

void append_pieces(const Span& span, std::vector<Piece>& pieces) {
    static constexpr std::string_view kTab = "    ";
    std::string_view text = span.text;
    while (!text.empty()) {
        if (text[0] == '\t') {
            for (size_t i = 0; i < kTabColumns; ++i) {
                pieces.push_back({kTab.substr(0, 1), 1, true, true, span.style});
            }
            text.remove_prefix(1);
            continue;
        }
        const Cluster cluster = first_cluster(text);
        const bool space = cluster.glyph.base == U' ';
        const bool wide = cluster.glyph.columns == 2;
        // Between wide characters a line may always end, also before the first of them.
        if (wide && !pieces.empty()) pieces.back().may_break = true;
        pieces.push_back({text.substr(0, cluster.bytes), cluster.glyph.columns, space,
                          space || wide || cluster.glyph.base == U'-', span.style});
        text.remove_prefix(cluster.bytes);
    }
}

void append_piece(StyledLine& line, const Piece& piece) {
    if (line.empty() || line.back().style != piece.style) line.push_back({"", piece.style});
    line.back().text += piece.text;
}

// The index behind the last piece that goes on a line of `room` columns beginning at `begin`.
size_t end_of_line(const std::vector<Piece>& pieces, size_t begin, size_t room) {
    size_t used = 0;
    size_t last_break = begin;
    for (size_t i = begin; i < pieces.size(); ++i) {
        used += pieces[i].columns;
        // Spaces may hang over the end: they are not drawn there.
        if (used > room && !pieces[i].is_space) {
            if (last_break > begin) return last_break;
            return std::max(i, begin + 1);
        }
        if (pieces[i].may_break) last_break = i + 1;
    }
    return pieces.size();
}

}  // namespace

std::vector<StyledLine> wrap(const StyledLine& paragraph, size_t columns, const Indent& indent) {
    std::vector<Piece> pieces;
    for (const Span& span : paragraph) append_pieces(span, pieces);
    std::vector<StyledLine> lines;
    size_t begin = 0;
    do {
        const StyledLine& lead = lines.empty() ? indent.first : indent.rest;
        const size_t lead_columns = columns_of(lead);
        const bool has_lead = lead_columns < columns;
        const size_t room = std::max<size_t>(1, has_lead ? columns - lead_columns : columns);
        const size_t end = end_of_line(pieces, begin, room);
        size_t shown = end;
        if (end < pieces.size()) {
            while (shown > begin && pieces[shown - 1].is_space) --shown;
        }
        StyledLine line = has_lead ? lead : StyledLine();
        size_t used = 0;
        for (size_t i = begin; i < shown && used + pieces[i].columns <= room; ++i) {
            append_piece(line, pieces[i]);
            used += pieces[i].columns;
        }
        lines.push_back(std::move(line));
        begin = end;
    } while (begin < pieces.size());
    return lines;
}

void wrap_text(std::string_view text, Style style, size_t columns, const Indent& indent,
               std::vector<StyledLine>& lines) {
    bool first = true;
    while (true) {
        const size_t end = text.find('\n');
        const Indent& lead = first ? indent : Indent{indent.rest, indent.rest};
        for (StyledLine& line : wrap({{std::string(text.substr(0, end)), style}}, columns, lead)) {
            lines.push_back(std::move(line));
        }
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
        first = false;
    }
}

size_t columns_of(const StyledLine& line) {
    size_t columns = 0;
    for (const Span& span : line) columns += columns_of(span.text);
    return columns;
}

std::string plain(const StyledLine& line) {
    std::string text;
    for (const Span& span : line) text += span.text;
    return text;
}

}  // namespace hearth
