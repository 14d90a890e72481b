// ComposerBox: the text that a person is writing, of several lines, growing with it. readline edits
// (app/line/text_editor.h); here is how it looks, how the caret moves in it, and what a paste is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/line/text_editor.h"
#include "app/ui/canvas.h"
#include "app/ui/keys.h"

namespace hearth {

struct Entered {
    std::string text;
    bool literal = false;  // holds a paste: never a command
};

class ComposerBox {
  public:
    // A paste of more lines than this stands as one word in the text, and whole in the message.
    static constexpr size_t kPasteLines = 12;

    explicit ComposerBox(std::string history_file);

    // A key that edits. What was entered, if it was Enter.
    std::optional<Entered> key(const Key& key);
    // Enter. A backslash before it makes a line break instead.
    std::optional<Entered> enter();

    bool empty() const { return editor_.text().empty(); }
    std::string_view text() const { return editor_.text(); }
    std::string expanded() const;  // with the pastes in full
    void set(std::string_view text);
    // Empties it; the text can be found in the history.
    void put_away();
    bool wants_escape() const { return editor_.wants_escape(); }
    std::string_view prompt() const { return editor_.prompt(); }

    // Up or down one line on the screen; false at the edge.
    bool move_vertically(int step);

    // The rows it wants at this width, at most `most`.
    size_t rows(size_t columns, size_t most);
    void draw(Canvas& canvas, const Area& area, bool has_focus);

  private:
    struct Row {
        size_t begin = 0;  // bytes of the text
        size_t end = 0;
    };
    struct Paste {
        std::string mark;  // what stands in the text
        std::string text;
    };
    void lay_out(size_t columns);
    size_t caret_row() const;
    void paste(const std::string& text);

    std::optional<Entered> entered_;  // by the key that is being handled
    TextEditor editor_;
    std::vector<Paste> pastes_;
    std::vector<Row> layout_;
    std::string laid_out_;  // the text of layout_
    size_t columns_ = 0;
    size_t first_row_ = 0;  // of layout_ that is shown
    size_t n_pasted_ = 0;
};

}  // namespace hearth
