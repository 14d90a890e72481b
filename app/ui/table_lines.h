// TableLines: a table of styled cells, as lines no wider than there is room.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "app/ui/style.h"

namespace hearth {

class TableLines {
  public:
    void begin_row() { rows_.emplace_back(); }
    void add_cell(StyledLine cell) { rows_.back().push_back(std::move(cell)); }

    // The first row is the heads. Cells that do not fit go on in the next line.
    void append_to(std::vector<StyledLine>& lines, size_t columns, const StyledLine& indent) const;

  private:
    std::vector<size_t> widths(size_t room) const;
    std::vector<std::vector<StyledLine>> rows_;
};

}  // namespace hearth
