// ScreenModel: what a terminal would show, by libvterm.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hearth {

// A cell as it is drawn. Colours are 0xRRGGBB, or kDefault.
struct ScreenCell {
    static constexpr uint32_t kDefault = 0xFF000000;
    std::string text;
    int columns = 1;
    uint32_t foreground = kDefault;
    uint32_t background = kDefault;
    bool bold = false, italic = false, underline = false, reverse = false;
};

class ScreenModel {
  public:
    ScreenModel(int rows, int columns);
    ~ScreenModel();
    ScreenModel(const ScreenModel&) = delete;
    ScreenModel& operator=(const ScreenModel&) = delete;

    void write(std::string_view bytes);
    void resize(int rows, int columns);
    int rows() const;
    int columns() const;

    std::string row(int index) const;  // without trailing blanks
    std::string text() const;          // all rows
    ScreenCell cell(int row, int column) const;

    int cursor_row() const;
    int cursor_column() const;
    bool cursor_visible() const;
    bool alternate_screen() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hearth
