// ListBox: something to choose from, over the conversation: commands, conversations, help. Typing
// filters it. Or a question with a few answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/canvas.h"
#include "app/ui/keys.h"
#include "app/ui/user_interface.h"

namespace hearth {

struct ListItem {
    std::string label;
    std::string detail;
    std::optional<UserAction> action = {};  // what choosing it does
    std::string preset = "";                // or what it puts into the composer
};

struct Question {
    std::string text;
    std::optional<UserAction> when_closed = {};  // the answer of who gives none
};

class ListBox {
  public:
    ListBox(std::string title, std::vector<ListItem> items);
    // The first answer is the one that Enter gives.
    ListBox(std::string title, Question question, std::vector<ListItem> answers);

    enum class Outcome { open, closed, chosen };
    Outcome key(const Key& key);
    const std::vector<ListItem>& items() const { return items_; }
    // After Outcome::chosen.
    const ListItem& chosen() const { return items_[shown_[selected_]]; }
    // After Outcome::closed.
    std::optional<UserAction> when_closed() const {
        return question_ ? question_->when_closed : std::nullopt;
    }

    // Takes no more of the area than it needs.
    void draw(Canvas& canvas, const Area& area);

  private:
    void filter();
    void move(int step);
    size_t draw_head(Canvas& canvas, const Area& inside) const;
    void draw_item(Canvas& canvas, const Area& row, const ListItem& item,
                   size_t label_columns) const;

    std::string title_;
    std::optional<Question> question_;
    std::vector<ListItem> items_;
    std::string typed_;
    std::vector<size_t> shown_;  // of items_
    size_t selected_ = 0;        // of shown_
    size_t first_ = 0;           // of shown_ that is visible
    size_t rows_ = 1;
};

// Whether the letters of `typed` stand in `text` in this order, whatever their case.
bool matches(std::string_view text, std::string_view typed);

// Draws a box with a title and empties it; the area within.
Area draw_box(Canvas& canvas, const Area& area, std::string_view title, std::string_view hint);
// The same over a conversation: nothing is left of the rows that it covers.
Area draw_box_over(Canvas& canvas, const Area& area, std::string_view title, std::string_view hint);

}  // namespace hearth
