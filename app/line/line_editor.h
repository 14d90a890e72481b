// LineEditor: readline, fed by an event loop.
//
// The terminal stays in readline's mode from construction to destruction (or suspend), also while
// no line is being edited: what is typed during an answer is not echoed into it, and waits.
// readline keeps its state in static variables, so there is one LineEditor at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/line/input_history.h"

namespace hearth {

class LineEditor {
  public:
    struct Events {
        std::function<void(std::string line)> on_line;  // Enter
        std::function<void()> on_end;  // Ctrl+D on an empty line, or the tty is gone
    };

    // `history_file`: earlier input is read from it and new input added; "" = none. `words` are
    // completed with Tab at the beginning of a line.
    LineEditor(std::string history_file, std::vector<std::string> words, Events events);
    ~LineEditor();
    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    // Shows the prompt and edits a line. `prompt` may hold control sequences between \001 and \002.
    // Ends by itself before on_line and on_end.
    void begin(const std::string& prompt);
    void end();
    bool editing() const { return editing_; }

    // Standard input is readable; call only while editing.
    void read();

    // What has been typed so far.
    std::string text() const;
    // Ends editing without a line: what was typed stays on the screen, below it is a new line.
    void abandon();
    // Text for the next line that is begun.
    void preset(std::string text) { preset_ = std::move(text); }

    void add_to_history(const std::string& text) { history_.add(text); }
    void resized();
    // Gives the terminal back to the shell, and takes it again.
    void suspend();
    void resume();

  private:
    void take_line(char* line);

    InputHistory history_;
    Events events_;
    std::string prompt_;
    std::string preset_;
    bool editing_ = false;
};

}  // namespace hearth
