// Canvas: a picture of the terminal, cell by cell. Views draw here; terminal.h brings it to the
// screen. Drawing outside is cut off, so that no view has to care about small windows.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/glyph.h"
#include "app/ui/style.h"

namespace hearth {

struct Size {
    size_t rows = 0;
    size_t columns = 0;
    bool operator==(const Size&) const = default;
};

// A rectangle of the canvas.
struct Area {
    size_t row = 0;
    size_t column = 0;
    size_t rows = 0;
    size_t columns = 0;
};

struct Cell {
    Glyph glyph;
    Style style;
    bool continues = false;  // the right half of a wide glyph

    bool operator==(const Cell&) const = default;
};

struct Place {
    size_t row = 0;
    size_t column = 0;
    bool operator==(const Place&) const = default;
};

class Canvas {
  public:
    explicit Canvas(Size size) : size_(size), cells_(size.rows * size.columns) {}

    Size size() const { return size_; }
    void clear();

    // Writes from left to right, at most `columns` of them; what follows an area's edge is cut.
    // Returns the column behind the text.
    size_t put(size_t row, size_t column, std::string_view text, Style style,
               size_t columns = SIZE_MAX);
    size_t put(size_t row, size_t column, const StyledLine& line, size_t columns = SIZE_MAX);
    void fill(const Area& area, char32_t glyph, Style style);
    // The style of what is there, without its text.
    void restyle(const Area& area, Style style);

    // Where the terminal's cursor goes; nullopt hides it.
    std::optional<Place> caret;

    std::span<const Cell> row(size_t index) const {
        return std::span(cells_).subspan(index * size_.columns, size_.columns);
    }
    // The row as text, without trailing spaces.
    std::string text(size_t row) const;

  private:
    void set(size_t row, size_t column, const Glyph& glyph, Style style);

    Size size_;
    std::vector<Cell> cells_;
};

}  // namespace hearth
