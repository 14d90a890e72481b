// TranscriptView: the conversation, wrapped and scrolled. Only messages that changed are laid out
// again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/chat.h"
#include "app/ui/canvas.h"
#include "app/ui/message_lines.h"

namespace hearth {

class TranscriptView {
  public:
    // Lays out what changed. `intro` stands where there are no messages yet.
    void update(const Chat& chat, size_t columns, const std::vector<StyledLine>& intro);
    void draw(Canvas& canvas, const Area& area);

    // --- scrolling -------------------------------------------------------------------------------
    void scroll(int lines);
    void scroll_pages(int pages);
    void to_top();
    void follow() { following_ = true; }
    bool following() const { return following_; }
    // Lines below the window.
    size_t lines_below() const;

    // --- the chosen message ----------------------------------------------------------------------
    // Chooses the message `step` away from the chosen one (the last one if there is none), and
    // scrolls to it.
    void choose(int step);
    void toggle_thoughts();
    void choose_none() { chosen_.reset(); }
    std::optional<MessageId> chosen() const;

    // --- search ----------------------------------------------------------------------------------
    // Marks a text (whatever its case) and scrolls to its last place at or above the window.
    // The number of lines that hold it.
    size_t search(std::string_view text);
    void next_found(int step);  // +1: further down
    std::string_view searched() const { return searched_; }

  private:
    struct Entry {
        MessageLines message;
        size_t first_line = 0;  // in the whole transcript
        const std::vector<StyledLine>& lines() const { return message.lines(); }
    };
    size_t total_lines() const;
    size_t last_top() const;  // the top that shows the end
    const StyledLine& line(size_t index) const;
    void mark_found(Canvas& canvas, size_t row, const Area& area, const StyledLine& line) const;

    std::vector<Entry> entries_;
    std::vector<StyledLine> intro_;
    Thoughts thoughts_ = Thoughts::folded;
    Thoughts laid_out_ = Thoughts::folded;  // as the entries are
    size_t revision_ = 0;                   // of the chat, likewise
    size_t columns_ = 0;
    size_t rows_ = 0;
    size_t top_ = 0;  // the first visible line
    bool following_ = true;
    std::optional<size_t> chosen_;
    std::string searched_;
    size_t found_line_ = 0;
};

}  // namespace hearth
