// TextEditor: readline without its screen. It edits a text of several lines; somebody else shows
// it and hands in the keys.
//
// So key bindings, ~/.inputrc, vi mode, history search, undo and the kill ring are those that a
// person knows from the shell. What readline cannot do with several lines (moving up and down in
// them) and must not do (its paste reader would block the event loop) is done outside.
// readline keeps its state in static variables: one TextEditor (or LineEditor) at a time.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "app/line/input_history.h"

namespace hearth {

class TextEditor {
  public:
    // `on_enter` gets the whole text, which is then empty.
    TextEditor(std::string history_file, std::function<void(std::string)> on_enter);
    ~TextEditor();
    TextEditor(const TextEditor&) = delete;
    TextEditor& operator=(const TextEditor&) = delete;

    // Whole keys, as the terminal sent them.
    void feed(std::string_view bytes);
    // One edit: one undo takes it back.
    void insert(std::string_view text);
    void replace(std::string_view text);

    std::string_view text() const;
    size_t cursor() const;  // in bytes
    void move_cursor(size_t byte);
    // The question of a history search, "" when there is none.
    std::string_view prompt() const;
    // Whether an escape belongs to readline: vi's insert mode, a history search.
    bool wants_escape() const;

    void add_to_history(const std::string& text) { history_.add(text); }

  private:
    void take(char* line);

    InputHistory history_;
    std::function<void(std::string)> on_enter_;
    std::deque<char> input_;
};

}  // namespace hearth
