#include "app/ui/table_lines.h"

#include <algorithm>
#include <numeric>

#include "app/ui/wrap.h"

namespace hearth {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kLeast = 3;  // columns of a cell, however narrow the window is

}  // namespace

// What each column wants; the widest give until all fit.
std::vector<size_t> TableLines::widths(size_t room) const {
    std::vector<size_t> widths;
    for (const auto& row : rows_) {
        if (row.size() > widths.size()) widths.resize(row.size(), kLeast);
        for (size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], columns_of(row[i]));
        }
    }
    if (widths.empty()) return widths;
    const size_t gaps = kGap * (widths.size() - 1);
    while (std::accumulate(widths.begin(), widths.end(), gaps) > room) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= kLeast) break;
        --*widest;
    }
    return widths;
}

void TableLines::append_to(std::vector<StyledLine>& lines, size_t columns,
                           const StyledLine& indent) const {
    const size_t lead = columns_of(indent);
    const std::vector<size_t> wide = widths(columns > lead ? columns - lead : 1);
    for (size_t r = 0; r < rows_.size(); ++r) {
        std::vector<std::vector<StyledLine>> cells;
        size_t height = 1;
        for (size_t i = 0; i < rows_[r].size(); ++i) {
            cells.push_back(wrap(rows_[r][i], wide[i]));
            height = std::max(height, cells.back().size());
        }
        for (size_t y = 0; y < height; ++y) {
            StyledLine line = indent;
            for (size_t i = 0; i < cells.size(); ++i) {
                const StyledLine cell = y < cells[i].size() ? cells[i][y] : StyledLine();
                line.insert(line.end(), cell.begin(), cell.end());
                const size_t used = std::min(columns_of(cell), wide[i]);
                if (i + 1 < cells.size())
                    line.push_back({std::string(wide[i] - used + kGap, ' '), {}});
            }
            lines.push_back(std::move(line));
        }
        if (r > 0) continue;
        StyledLine rule = indent;
        for (size_t i = 0; i < wide.size(); ++i) {
            std::string dashes;
            for (size_t c = 0; c < wide[i]; ++c) dashes += "─";
            if (i + 1 < wide.size()) dashes += std::string(kGap, ' ');
            rule.push_back({std::move(dashes), {Ink::dim}});
        }
        lines.push_back(std::move(rule));
    }
}

}  // namespace hearth
