// ListBox: something to choose from, over the conversation: commands, conversations, help. Typing
// filters it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/ui/canvas.h"
#include "app/ui/keys.h"

namespace hearth {

struct ListItem {
    std::string label;
    std::string detail;
    std::string command = "";  // what choosing it says: "/open 12"
    std::string preset = "";   // or what it puts into the composer
};

class ListBox {
  public:
    ListBox(std::string title, std::vector<ListItem> items);

    enum class Outcome { open, closed, chosen };
    Outcome key(const Key& key);
    // After Outcome::chosen.
    const std::vector<ListItem>& items() const { return items_; }
    const ListItem& chosen() const { return items_[shown_[selected_]]; }

    // Takes no more of the area than it needs.
    void draw(Canvas& canvas, const Area& area);

  private:
    void filter();
    void move(int step);

    std::string title_;
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

}  // namespace hearth
