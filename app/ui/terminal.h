// Terminal: the screen and the keyboard, owned by the full-screen chat. ncurses draws; keys are
// read as bytes (keys.h).
//
// ncurses keeps its state in static variables, so there is one Terminal at a time. It is in the
// full-screen mode from open() to its destruction, but for suspend() to resume().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/ui/canvas.h"
#include "app/ui/theme.h"
#include "engine/base/result.h"

namespace hearth {

struct TerminalOptions {
    std::string term;    // TERM
    bool colors = true;  // where the terminal has them
    bool ascii = false;  // draw nothing outside ASCII
    bool mouse = false;
};

class Terminal {
  public:
    // Takes standard input and output. A TERM that terminfo does not know is tried as
    // xterm-256color; usage when that is not known either or the terminal cannot move its cursor.
    static Result<std::unique_ptr<Terminal>> open(const TerminalOptions& options);
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    // The window's size now.
    Size size() const;
    bool has_colors() const { return colors_; }
    void use(const Theme& theme);
    // Draws with ASCII alone, or with everything.
    void toggle_ascii();

    // Brings the picture to the screen: what differs from the last one.
    void show(const Canvas& canvas);
    // Forgets what is on the screen: after a resize, or when something else wrote there.
    void redraw() { shown_.reset(); }

    // What the keyboard sent; "" when nothing did. nullopt: the terminal is gone.
    std::optional<std::string> read();

    // For OSC 52 and the bell: control sequences of our own, sent as they are.
    void send(std::string_view sequence);

    // Gives the terminal back to the shell or to an editor, and takes it again.
    void suspend();
    void resume();

  private:
    struct Curses;
    Terminal(std::unique_ptr<Curses> curses, const TerminalOptions& options);
    void enter();
    void leave();
    void draw_row(size_t row, std::span<const Cell> cells);

    std::unique_ptr<Curses> curses_;
    TerminalOptions options_;
    bool colors_ = false;
    bool active_ = false;  // in the full-screen mode
    Theme theme_;
    std::optional<Canvas> shown_;
};

// What stands for a character where only ASCII can be shown: '|' for '│', '#' for '█'.
char ascii_stand_in(char32_t value);

}  // namespace hearth
