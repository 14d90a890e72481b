#include "app/ui/text_page.h"

#include <algorithm>

#include "app/ui/list_box.h"
#include "app/ui/safe_text.h"
#include "app/ui/wrap.h"

namespace hearth {

namespace {

constexpr size_t kTableColumns = 40;  // where the last column of a table begins at most

// Lines of a table go on below their last column.
std::vector<StyledLine> table_lines(std::string_view text, size_t columns) {
    std::vector<StyledLine> lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const size_t gap = line.substr(0, kTableColumns).rfind("  ");
        const size_t hang = gap == std::string_view::npos ? 0 : columns_of(line.substr(0, gap + 2));
        const Indent indent{{}, {{std::string(hang * 2 < columns ? hang : 0, ' '), {}}}};
        if (line.empty()) lines.emplace_back();
        if (!line.empty()) wrap_text(line, {}, columns, indent, lines);
    }
    return lines;
}

}  // namespace

bool TextPage::key(const Key& key) {
    const size_t last = lines_ > rows_ ? lines_ - rows_ : 0;
    switch (key.code) {
        case KeyCode::up:
            first_ -= first_ > 0 ? 1 : 0;
            return true;
        case KeyCode::down:
            first_ = std::min(first_ + 1, last);
            return true;
        case KeyCode::page_up:
            first_ -= std::min(first_, rows_);
            return true;
        case KeyCode::page_down:
            first_ = std::min(first_ + rows_, last);
            return true;
        case KeyCode::home:
            first_ = 0;
            return true;
        case KeyCode::end:
            first_ = last;
            return true;
        case KeyCode::other:
        case KeyCode::focus_in:
        case KeyCode::focus_out:
            return true;
        default:
            return false;  // any other key closes it
    }
}

void TextPage::draw(Canvas& canvas, const Area& area) {
    const Area inside = draw_box_over(canvas, area, title_, "any key closes");
    const std::vector<StyledLine> lines =
        table_lines(safe_text(text_).str(), std::max<size_t>(inside.columns, 1));
    lines_ = lines.size();
    rows_ = std::max<size_t>(inside.rows, 1);
    for (size_t i = 0; i < inside.rows && first_ + i < lines.size(); ++i) {
        canvas.put(inside.row + i, inside.column, lines[first_ + i], inside.columns);
    }
}

}  // namespace hearth
