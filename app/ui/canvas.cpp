#include "app/ui/canvas.h"

#include <algorithm>

namespace hearth {

void Canvas::clear() {
    std::fill(cells_.begin(), cells_.end(), Cell());
    caret.reset();
}

void Canvas::set(size_t row, size_t column, const Glyph& glyph, Style style) {
    Cell* const cell = &cells_[row * size_.columns + column];
    // Half of a wide glyph cannot stay.
    if (cell->continues) cell[-1] = {Glyph(), cell[-1].style, false};
    const size_t after = column + glyph.columns;
    if (after < size_.columns && cell[glyph.columns].continues) {
        cell[glyph.columns] = {Glyph(), cell[glyph.columns].style, false};
    }
    cell[0] = {glyph, style, false};
    if (glyph.columns == 2) cell[1] = {Glyph(), style, true};
}

size_t Canvas::put(size_t row, size_t column, std::string_view text, Style style, size_t columns) {
    if (row >= size_.rows || column >= size_.columns) return column;
    const size_t end = columns < size_.columns - column ? column + columns : size_.columns;
    while (!text.empty()) {
        const Cluster cluster = first_cluster(text);
        if (column + cluster.glyph.columns > end) break;
        set(row, column, cluster.glyph, style);
        column += cluster.glyph.columns;
        text.remove_prefix(cluster.bytes);
    }
    return column;
}

size_t Canvas::put(size_t row, size_t column, const StyledLine& line, size_t columns) {
    const size_t end = columns < SIZE_MAX - column ? column + columns : SIZE_MAX;
    for (const Span& span : line) column = put(row, column, span.text, span.style, end - column);
    return column;
}

void Canvas::fill(const Area& area, char32_t glyph, Style style) {
    Glyph one;
    one.base = glyph;
    for (size_t row = area.row; row < std::min(area.row + area.rows, size_.rows); ++row) {
        const size_t end = std::min(area.column + area.columns, size_.columns);
        for (size_t column = area.column; column < end; ++column) set(row, column, one, style);
    }
}

void Canvas::restyle(const Area& area, Style style) {
    for (size_t row = area.row; row < std::min(area.row + area.rows, size_.rows); ++row) {
        const size_t end = std::min(area.column + area.columns, size_.columns);
        for (size_t column = area.column; column < end; ++column) {
            cells_[row * size_.columns + column].style = style;
        }
    }
}

std::string Canvas::text(size_t index) const {
    std::string text;
    for (const Cell& cell : row(index)) {
        if (!cell.continues) append_utf8(text, cell.glyph);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace hearth
