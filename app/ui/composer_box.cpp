#include "app/ui/composer_box.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/ui/safe_text.h"

namespace hearth {
namespace {

constexpr size_t kMarkColumns = 3;  // " ❯ "

size_t count_lines(std::string_view text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
}

// The end of the row that begins at `begin`: at the line's end, behind the last space that fits, or
// where the width ends.
size_t end_of_row(std::string_view text, size_t begin, size_t columns) {
    size_t used = 0;
    size_t at = begin;
    size_t after_space = begin;
    while (at < text.size() && text[at] != '\n') {
        const Cluster cluster = first_cluster(text.substr(at));
        if (used + cluster.glyph.columns > columns) {
            return after_space > begin ? after_space : std::max(at, begin + 1);
        }
        used += cluster.glyph.columns;
        at += cluster.bytes;
        if (cluster.glyph.base == U' ') after_space = at;
    }
    return at;
}

}  // namespace

ComposerBox::ComposerBox(std::string history_file)
    : editor_(std::move(history_file), [this](std::string text) {
          entered_ = Entered{std::move(text), false};
      }) {}

// --- editing -------------------------------------------------------------------------------------

std::optional<Entered> ComposerBox::key(const Key& key) {
    entered_.reset();
    switch (key.code) {
        case KeyCode::paste:
            paste(key.bytes);
            break;
        case KeyCode::newline:
            editor_.insert("\n");
            break;
        case KeyCode::up:
        case KeyCode::down:
            if (!move_vertically(key.code == KeyCode::up ? -1 : 1)) {
                editor_.feed(key.code == KeyCode::up ? "\x1b[A" : "\x1b[B");
            }
            break;
        case KeyCode::left:
            editor_.feed(key.ctrl || key.alt ? "\x1b"
                                               "b"
                                             : "\x1b[D");
            break;
        case KeyCode::right:
            editor_.feed(key.ctrl || key.alt ? "\x1b"
                                               "f"
                                             : "\x1b[C");
            break;
        case KeyCode::home:
            editor_.feed("\x1b[H");
            break;
        case KeyCode::end:
            editor_.feed("\x1b[F");
            break;
        case KeyCode::del:
            editor_.feed("\x1b[3~");
            break;
        case KeyCode::backspace:
            editor_.feed("\x7f");
            break;
        case KeyCode::text:
        case KeyCode::control:
        case KeyCode::alt:
        case KeyCode::escape:
            editor_.feed(key.bytes);
            break;
        default:
            break;
    }
    if (!entered_) return std::nullopt;  // a history search that ended with Enter
    editor_.add_to_history(entered_->text);
    return std::exchange(entered_, std::nullopt);
}

std::optional<Entered> ComposerBox::enter() {
    if (!editor_.prompt().empty()) {
        editor_.feed("\x1b");  // ends the search; the next Enter sends what it found
        return std::nullopt;
    }
    const std::string_view shown = editor_.text();
    if (editor_.cursor() == shown.size() && shown.ends_with('\\')) {
        editor_.feed("\x7f");
        editor_.insert("\n");
        return std::nullopt;
    }
    Entered whole{expanded(), !pastes_.empty()};
    editor_.add_to_history(whole.text);
    set("");
    return whole;
}

void ComposerBox::paste(const std::string& text) {
    const size_t lines = count_lines(text);
    if (lines <= kPasteLines) {
        editor_.insert(text);
        if (lines > 1) pastes_.push_back({"", ""});  // it must not become a command
        return;
    }
    std::string mark = fmt::format("[paste {}: {} lines]", ++n_pasted_, lines);
    editor_.insert(mark);
    pastes_.push_back({std::move(mark), text});
}

std::string ComposerBox::expanded() const {
    std::string text(editor_.text());
    for (const Paste& one : pastes_) {
        const size_t at = one.mark.empty() ? std::string::npos : text.find(one.mark);
        if (at != std::string::npos) text.replace(at, one.mark.size(), one.text);
    }
    return text;
}

void ComposerBox::set(std::string_view text) {
    editor_.replace(text);
    pastes_.clear();
    if (text.empty()) n_pasted_ = 0;
}

void ComposerBox::put_away() {
    editor_.add_to_history(expanded());
    set("");
}

// --- layout --------------------------------------------------------------------------------------

void ComposerBox::lay_out(size_t columns) {
    if (columns == columns_ && laid_out_ == editor_.text() && !layout_.empty()) return;
    columns_ = columns;
    laid_out_ = editor_.text();
    layout_.clear();
    const size_t room =
        std::max<size_t>(1, columns > kMarkColumns + 1 ? columns - kMarkColumns - 1 : columns);
    size_t begin = 0;
    while (true) {
        const size_t end = end_of_row(laid_out_, begin, room);
        layout_.push_back({begin, end});
        if (end >= laid_out_.size()) return;
        begin = end;
        if (laid_out_[end] != '\n') continue;
        ++begin;
        if (begin == laid_out_.size()) {  // the caret may stand behind the last line break
            layout_.push_back({begin, begin});
            return;
        }
    }
}

size_t ComposerBox::caret_row() const {
    const size_t cursor = editor_.cursor();
    size_t row = 0;
    while (row + 1 < layout_.size() && layout_[row + 1].begin <= cursor) ++row;
    return row;
}

bool ComposerBox::move_vertically(int step) {
    lay_out(columns_);
    const size_t row = caret_row();
    if ((step < 0 && row == 0) || (step > 0 && row + 1 >= layout_.size())) return false;
    const std::string_view shown = laid_out_;
    const size_t column =
        columns_of(shown.substr(layout_[row].begin, editor_.cursor() - layout_[row].begin));
    const Row& target = layout_[step < 0 ? row - 1 : row + 1];
    size_t at = target.begin;
    for (size_t used = 0; at < target.end;) {
        const Cluster cluster = first_cluster(shown.substr(at));
        used += cluster.glyph.columns;
        if (used > column) break;
        at += cluster.bytes;
    }
    editor_.move_cursor(at);
    return true;
}

size_t ComposerBox::rows(size_t columns, size_t most) {
    lay_out(columns);
    return std::clamp<size_t>(layout_.size(), 1, std::max<size_t>(most, 1));
}

void ComposerBox::draw(Canvas& canvas, const Area& area, bool has_focus) {
    lay_out(area.columns);
    const bool marked = area.columns > kMarkColumns + 1;
    const size_t left = area.column + (marked ? kMarkColumns : 0);
    const size_t caret = caret_row();
    if (caret < first_row_) first_row_ = caret;
    if (caret >= first_row_ + area.rows) first_row_ = caret - area.rows + 1;
    first_row_ = std::min(first_row_, layout_.size() - 1);
    for (size_t i = 0; i < area.rows && first_row_ + i < layout_.size(); ++i) {
        const Row& row = layout_[first_row_ + i];
        const std::string_view text =
            std::string_view(laid_out_).substr(row.begin, row.end - row.begin);
        canvas.put(area.row + i, left, safe_line(text).str(), {});
    }
    if (marked && first_row_ == 0) {
        canvas.put(area.row, area.column + 1, "❯", {has_focus ? Ink::accent : Ink::dim, true});
    }
    const std::string_view before = std::string_view(laid_out_).substr(
        layout_[caret].begin, editor_.cursor() - layout_[caret].begin);
    const size_t column = left + columns_of(safe_line(before).str());
    if (has_focus) {
        canvas.caret =
            Place{area.row + caret - first_row_, std::min(column, canvas.size().columns - 1)};
    }
}

}  // namespace hearth
