#include "app/ui/transcript_view.h"

#include <algorithm>

#include "app/ui/wrap.h"

namespace hearth {
namespace {

// ASCII letters in lower case; the length stays.
std::string folded(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

}  // namespace

void TranscriptView::update(const Chat& chat, size_t columns,
                            const std::vector<StyledLine>& intro) {
    // After a change of width the window stays at the message it showed.
    std::optional<size_t> anchor;
    if (columns != columns_ && !following_) {
        for (size_t i = 0; i < entries_.size() && entries_[i].first_line <= top_; ++i) anchor = i;
    }
    const std::vector<Message>& messages = chat.messages();
    const bool only_grew = columns == columns_ && chat.revision() == revision_ &&
                           laid_out_ == thoughts_ && entries_.size() == messages.size();
    columns_ = columns;
    revision_ = chat.revision();
    laid_out_ = thoughts_;
    entries_.resize(messages.size());
    for (size_t i = only_grew && !messages.empty() ? messages.size() - 1 : 0; i < messages.size();
         ++i) {
        Entry& entry = entries_[i];
        const Sent sent = i < chat.left_out() ? Sent::no : Sent::yes;
        entry.message.update(messages[i], chat.variants(messages[i].id), columns, thoughts_, sent);
        entry.first_line = i == 0 ? 0 : entries_[i - 1].first_line + entries_[i - 1].lines().size();
    }
    intro_ = messages.empty() ? intro : std::vector<StyledLine>();
    if (chosen_ && *chosen_ >= entries_.size()) chosen_.reset();
    if (anchor && *anchor < entries_.size()) top_ = entries_[*anchor].first_line;
}

size_t TranscriptView::total_lines() const {
    if (entries_.empty()) return intro_.size();
    return entries_.back().first_line + entries_.back().lines().size();
}

size_t TranscriptView::last_top() const {
    const size_t total = total_lines();
    return total > rows_ ? total - rows_ : 0;
}

size_t TranscriptView::lines_below() const {
    const size_t end = top_ + rows_;
    return total_lines() > end ? total_lines() - end : 0;
}

const StyledLine& TranscriptView::line(size_t index) const {
    if (entries_.empty()) return intro_[index];
    const auto after =
        std::upper_bound(entries_.begin(), entries_.end(), index,
                         [](size_t value, const Entry& e) { return value < e.first_line; });
    const Entry& entry = *(after - 1);
    return entry.lines()[index - entry.first_line];
}

void TranscriptView::draw(Canvas& canvas, const Area& area) {
    rows_ = area.rows;
    if (following_ || top_ > last_top()) top_ = last_top();
    const size_t end = std::min(total_lines(), top_ + rows_);
    for (size_t i = top_; i < end; ++i) {
        const size_t row = area.row + i - top_;
        canvas.put(row, area.column, line(i), area.columns);
        if (!searched_.empty()) mark_found(canvas, row, area, line(i));
    }
    if (!chosen_ || area.columns == 0) return;
    const Entry& entry = entries_[*chosen_];
    for (size_t i = 0; i + 1 < entry.lines().size(); ++i) {
        const size_t at = entry.first_line + i;
        if (at >= top_ && at < end) {
            canvas.put(area.row + at - top_, area.column, "▌", {Ink::accent});
        }
    }
}

void TranscriptView::mark_found(Canvas& canvas, size_t row, const Area& area,
                                const StyledLine& shown) const {
    const std::string text = folded(plain(shown));
    for (size_t at = text.find(searched_); at != std::string::npos;
         at = text.find(searched_, at + searched_.size())) {
        const size_t column = columns_of(std::string_view(text).substr(0, at));
        canvas.restyle({row, area.column + column, 1, columns_of(searched_)}, {Ink::select});
    }
}

// --- scrolling -----------------------------------------------------------------------------------

void TranscriptView::scroll(int lines) {
    const auto top = static_cast<std::ptrdiff_t>(top_) + lines;
    top_ = static_cast<size_t>(
        std::clamp<std::ptrdiff_t>(top, 0, static_cast<std::ptrdiff_t>(last_top())));
    following_ = top_ == last_top();
}

void TranscriptView::scroll_pages(int pages) {
    scroll(pages * static_cast<int>(rows_ > 2 ? rows_ - 1 : 1));
}

void TranscriptView::to_top() {
    top_ = 0;
    following_ = last_top() == 0;
}

// --- the chosen message --------------------------------------------------------------------------

void TranscriptView::choose(int step) {
    if (entries_.empty()) return;
    const auto last = static_cast<std::ptrdiff_t>(entries_.size()) - 1;
    const auto from = chosen_ ? static_cast<std::ptrdiff_t>(*chosen_) + step : last;
    chosen_ = static_cast<size_t>(std::clamp<std::ptrdiff_t>(from, 0, last));
    const Entry& entry = entries_[*chosen_];
    const size_t end = entry.first_line + entry.lines().size();
    if (entry.first_line < top_ || end > top_ + rows_) {
        top_ = end > rows_ && entry.lines().size() <= rows_ ? end - rows_ : entry.first_line;
        if (entry.first_line < top_) top_ = entry.first_line;
        following_ = top_ >= last_top();
    }
}

void TranscriptView::toggle_thoughts() {
    thoughts_ = thoughts_ == Thoughts::folded ? Thoughts::shown : Thoughts::folded;
}

std::optional<MessageId> TranscriptView::chosen() const {
    if (!chosen_) return std::nullopt;
    return entries_[*chosen_].message.id();
}

// --- search --------------------------------------------------------------------------------------

size_t TranscriptView::search(std::string_view text) {
    searched_ = folded(text);
    if (searched_.empty()) return 0;
    size_t n = 0;
    const size_t window_end = top_ + rows_;
    bool found_above = false;
    for (size_t i = 0; i < total_lines(); ++i) {
        if (folded(plain(line(i))).find(searched_) == std::string::npos) continue;
        ++n;
        if (i < window_end || !found_above) found_line_ = i;
        found_above = true;
    }
    if (n > 0) next_found(0);
    return n;
}

void TranscriptView::next_found(int step) {
    if (searched_.empty()) return;
    const size_t total = total_lines();
    auto at = static_cast<std::ptrdiff_t>(found_line_);
    while (step != 0) {
        at += step;
        if (at < 0 || at >= static_cast<std::ptrdiff_t>(total)) return;
        if (folded(plain(line(static_cast<size_t>(at)))).find(searched_) != std::string::npos) {
            found_line_ = static_cast<size_t>(at);
            break;
        }
    }
    if (found_line_ < top_ || found_line_ >= top_ + rows_) {
        top_ = std::min(found_line_ > rows_ / 2 ? found_line_ - rows_ / 2 : 0, last_top());
        following_ = top_ == last_top();
    }
}

}  // namespace hearth
