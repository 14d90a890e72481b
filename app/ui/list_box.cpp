#include "app/ui/list_box.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/ui/safe_text.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

void remove_last_character(std::string& text) {
    while (!text.empty()) {
        const bool begins = (static_cast<unsigned char>(text.back()) & 0xC0) != 0x80;
        text.pop_back();
        if (begins) return;
    }
}

}  // namespace

bool matches(std::string_view text, std::string_view typed) {
    size_t found = 0;
    for (const char c : text) {
        if (found < typed.size() && lower(c) == lower(typed[found])) ++found;
    }
    return found == typed.size();
}

ListBox::ListBox(std::string title, std::vector<ListItem> items)
    : title_(std::move(title)), items_(std::move(items)) {
    filter();
}

ListBox::ListBox(std::string title, Question question, std::vector<ListItem> answers)
    : ListBox(std::move(title), std::move(answers)) {
    question_ = std::move(question);
}

void ListBox::filter() {
    shown_.clear();
    // Those that hold the text as it is stand before those that only have its letters.
    const auto holds = [&](const ListItem& item) {
        const auto same = [](char a, char b) { return lower(a) == lower(b); };
        const std::string text = fmt::format("{} {}", item.label, item.detail);
        return std::search(text.begin(), text.end(), typed_.begin(), typed_.end(), same) !=
               text.end();
    };
    for (const bool whole : {true, false}) {
        for (size_t i = 0; i < items_.size(); ++i) {
            const bool is_whole = holds(items_[i]);
            if (is_whole != whole) continue;
            if (is_whole || matches(items_[i].label, typed_)) shown_.push_back(i);
        }
    }
    selected_ = first_ = 0;
}

void ListBox::move(int step) {
    if (shown_.empty()) return;
    const auto wanted = static_cast<std::ptrdiff_t>(selected_) + step;
    const auto last = static_cast<std::ptrdiff_t>(shown_.size()) - 1;
    selected_ = static_cast<size_t>(std::clamp<std::ptrdiff_t>(wanted, 0, last));
}

ListBox::Outcome ListBox::key(const Key& key) {
    switch (key.code) {
        case KeyCode::escape:
            return Outcome::closed;
        case KeyCode::enter:
            return shown_.empty() ? Outcome::closed : Outcome::chosen;
        case KeyCode::up:
            move(-1);
            break;
        case KeyCode::down:
        case KeyCode::tab:
            move(1);
            break;
        case KeyCode::page_up:
            move(-static_cast<int>(rows_));
            break;
        case KeyCode::page_down:
            move(static_cast<int>(rows_));
            break;
        case KeyCode::home:
            move(-static_cast<int>(shown_.size()));
            break;
        case KeyCode::end:
            move(static_cast<int>(shown_.size()));
            break;
        case KeyCode::text:
            if (question_) break;
            typed_ += key.bytes;
            filter();
            break;
        case KeyCode::backspace:
            remove_last_character(typed_);
            filter();
            break;
        case KeyCode::control:
            if (key.letter == 'c' || key.letter == 'd' || key.letter == 'g') return Outcome::closed;
            if (key.letter == 'n') move(1);
            if (key.letter == 'p') move(-1);
            break;
        default:
            break;
    }
    return Outcome::open;
}

Area draw_box(Canvas& canvas, const Area& area, std::string_view title, std::string_view hint) {
    const Style rule{Ink::dim};
    canvas.fill(area, U' ', {});
    if (area.rows < 3 || area.columns < 4) return area;
    const size_t last_row = area.row + area.rows - 1;
    const size_t last_column = area.column + area.columns - 1;
    canvas.fill({area.row, area.column, 1, area.columns}, U'─', rule);
    canvas.fill({last_row, area.column, 1, area.columns}, U'─', rule);
    canvas.fill({area.row, area.column, area.rows, 1}, U'│', rule);
    canvas.fill({area.row, last_column, area.rows, 1}, U'│', rule);
    canvas.put(area.row, area.column, "┌", rule);
    canvas.put(area.row, last_column, "┐", rule);
    canvas.put(last_row, area.column, "└", rule);
    canvas.put(last_row, last_column, "┘", rule);
    const size_t room = area.columns - 2;
    canvas.put(area.row, area.column + 2, fit(fmt::format(" {} ", title), room - 1),
               {Ink::heading, true});
    if (!hint.empty() && columns_of(hint) + 4 < room) {
        canvas.put(last_row, last_column - columns_of(hint) - 3, fmt::format(" {} ", hint), rule);
    }
    return {area.row + 1, area.column + 2, area.rows - 2, area.columns - 4};
}

Area draw_box_over(Canvas& canvas, const Area& area, std::string_view title,
                   std::string_view hint) {
    canvas.fill({area.row, 0, area.rows, canvas.size().columns}, U' ', {});
    return draw_box(canvas, area, title, hint);
}

// The question, or the text that filters; the rows that it takes.
size_t ListBox::draw_head(Canvas& canvas, const Area& inside) const {
    if (question_) {
        std::vector<StyledLine> lines;
        wrap_text(safe_text(question_->text).str(), {}, inside.columns, {}, lines);
        lines.emplace_back();
        for (size_t i = 0; i < lines.size() && i + 2 < inside.rows; ++i) {
            canvas.put(inside.row + i, inside.column, lines[i], inside.columns);
        }
        canvas.caret.reset();
        return std::min(lines.size(), inside.rows - 1);
    }
    const size_t room = inside.columns > 2 ? inside.columns - 2 : 0;
    const size_t begin = canvas.put(inside.row, inside.column, "/ ", {Ink::dim});
    const size_t end = canvas.put(inside.row, begin, safe_line(typed_).str(), {}, room);
    canvas.caret = Place{inside.row, std::min(end, canvas.size().columns - 1)};
    return 1;
}

void ListBox::draw_item(Canvas& canvas, const Area& row, const ListItem& item,
                        size_t label_columns) const {
    canvas.put(row.row, row.column, fit(safe_line(item.label).str(), label_columns), {});
    if (row.columns <= label_columns + 1) return;
    canvas.put(row.row, row.column + label_columns + 1,
               fit(safe_line(item.detail).str(), row.columns - label_columns - 1), {Ink::dim});
}

void ListBox::draw(Canvas& canvas, const Area& area) {
    size_t head_rows = 1;
    if (question_ && area.columns > 4) {
        std::vector<StyledLine> lines;
        wrap_text(safe_text(question_->text).str(), {}, area.columns - 4, {}, lines);
        head_rows = lines.size() + 1;
    }
    Area box = area;
    box.rows = std::min(area.rows, items_.size() + head_rows + 2);
    const Area inside = draw_box_over(
        canvas, box, title_, question_ ? "↑↓ Enter · Esc" : "type to filter · Enter · Esc");
    if (inside.rows < 2) return;
    const size_t first_row = inside.row + draw_head(canvas, inside);
    rows_ = inside.row + inside.rows - first_row;
    if (selected_ < first_) first_ = selected_;
    if (selected_ >= first_ + rows_) first_ = selected_ - rows_ + 1;
    if (shown_.empty()) canvas.put(first_row, inside.column, "nothing found", {Ink::dim});
    size_t label_columns = 0;
    for (const size_t item : shown_) {
        label_columns = std::max(label_columns, columns_of(safe_line(items_[item].label).str()));
    }
    label_columns = std::min(label_columns, inside.columns / 2) + 1;
    for (size_t i = 0; i < rows_ && first_ + i < shown_.size(); ++i) {
        const Area row{first_row + i, inside.column, 1, inside.columns};
        draw_item(canvas, row, items_[shown_[first_ + i]], label_columns);
        if (first_ + i == selected_) canvas.restyle(row, {Ink::select});
    }
}

}  // namespace hearth
