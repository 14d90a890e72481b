#include "app/ui/text_page.h"

#include <algorithm>

#include "app/ui/list_box.h"
#include "app/ui/safe_text.h"
#include "app/ui/wrap.h"

namespace hearth {

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
    std::vector<StyledLine> lines;
    wrap_text(safe_text(text_).str(), {}, std::max<size_t>(inside.columns, 1), {}, lines);
    lines_ = lines.size();
    rows_ = std::max<size_t>(inside.rows, 1);
    for (size_t i = 0; i < inside.rows && first_ + i < lines.size(); ++i) {
        canvas.put(inside.row + i, inside.column, lines[first_ + i], inside.columns);
    }
}

}  // namespace hearth
