#include "tests/pty/screen_model.h"

#include <vterm.h>

namespace hearth {

struct ScreenModel::State {
    VTerm* terminal = nullptr;
    VTermScreen* screen = nullptr;
    VTermPos cursor{0, 0};
    bool cursor_visible = true;
    bool alternate = false;
};

namespace {

void append(std::string& out, uint32_t value) {
    if (value < 0x80) {
        out += static_cast<char>(value);
    } else if (value < 0x800) {
        out += static_cast<char>(0xC0 | value >> 6);
        out += static_cast<char>(0x80 | (value & 63));
    } else if (value < 0x10000) {
        out += static_cast<char>(0xE0 | value >> 12);
        out += static_cast<char>(0x80 | (value >> 6 & 63));
        out += static_cast<char>(0x80 | (value & 63));
    } else {
        out += static_cast<char>(0xF0 | value >> 18);
        out += static_cast<char>(0x80 | (value >> 12 & 63));
        out += static_cast<char>(0x80 | (value >> 6 & 63));
        out += static_cast<char>(0x80 | (value & 63));
    }
}

}  // namespace

ScreenModel::ScreenModel(int rows, int columns) : state_(std::make_unique<State>()) {
    state_->terminal = vterm_new(rows, columns);
    vterm_set_utf8(state_->terminal, 1);
    state_->screen = vterm_obtain_screen(state_->terminal);
    static const VTermScreenCallbacks callbacks = [] {
        VTermScreenCallbacks made{};
        made.movecursor = [](VTermPos position, VTermPos, int, void* user) {
            static_cast<State*>(user)->cursor = position;
            return 1;
        };
        made.settermprop = [](VTermProp property, VTermValue* value, void* user) {
            auto* const state = static_cast<State*>(user);
            if (property == VTERM_PROP_CURSORVISIBLE) state->cursor_visible = value->boolean != 0;
            if (property == VTERM_PROP_ALTSCREEN) state->alternate = value->boolean != 0;
            return 1;
        };
        return made;
    }();
    vterm_screen_set_callbacks(state_->screen, &callbacks, state_.get());
    vterm_screen_enable_altscreen(state_->screen, 1);
    vterm_screen_reset(state_->screen, 1);
}

ScreenModel::~ScreenModel() {
    vterm_free(state_->terminal);
}

void ScreenModel::write(std::string_view bytes) {
    vterm_input_write(state_->terminal, bytes.data(), bytes.size());
    vterm_screen_flush_damage(state_->screen);
}

void ScreenModel::resize(int rows, int columns) {
    vterm_set_size(state_->terminal, rows, columns);
}

int ScreenModel::rows() const {
    int rows = 0;
    int columns = 0;
    vterm_get_size(state_->terminal, &rows, &columns);
    return rows;
}

int ScreenModel::columns() const {
    int rows = 0;
    int columns = 0;
    vterm_get_size(state_->terminal, &rows, &columns);
    return columns;
}

ScreenCell ScreenModel::cell(int row, int column) const {
    VTermScreenCell raw{};
    vterm_screen_get_cell(state_->screen, {row, column}, &raw);
    ScreenCell cell;
    for (const uint32_t value : raw.chars) {
        if (value == 0 || value == UINT32_MAX) break;
        append(cell.text, value);
    }
    if (cell.text.empty()) cell.text.push_back(' ');
    cell.columns = raw.width;
    const auto color = [&](VTermColor& from, bool is_default) {
        if (is_default) return ScreenCell::kDefault;
        vterm_screen_convert_color_to_rgb(state_->screen, &from);
        return static_cast<uint32_t>(from.rgb.red << 16 | from.rgb.green << 8 | from.rgb.blue);
    };
    cell.foreground = color(raw.fg, VTERM_COLOR_IS_DEFAULT_FG(&raw.fg));
    cell.background = color(raw.bg, VTERM_COLOR_IS_DEFAULT_BG(&raw.bg));
    cell.bold = raw.attrs.bold != 0;
    cell.italic = raw.attrs.italic != 0;
    cell.underline = raw.attrs.underline != 0;
    cell.reverse = raw.attrs.reverse != 0;
    return cell;
}

std::string ScreenModel::row(int index) const {
    std::string text;
    for (int column = 0; column < columns();) {
        const ScreenCell one = cell(index, column);
        text += one.text;
        column += one.columns > 0 ? one.columns : 1;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string ScreenModel::text() const {
    std::string text;
    for (int i = 0; i < rows(); ++i) text += row(i) + "\n";
    return text;
}

int ScreenModel::cursor_row() const {
    return state_->cursor.row;
}
int ScreenModel::cursor_column() const {
    return state_->cursor.col;
}
bool ScreenModel::cursor_visible() const {
    return state_->cursor_visible;
}
bool ScreenModel::alternate_screen() const {
    return state_->alternate;
}

}  // namespace hearth
