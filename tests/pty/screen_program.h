// ScreenProgram: the real program on a pseudo-terminal, and what its terminal shows.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tests/pty/pty_program.h"
#include "tests/pty/screen_model.h"

namespace hearth {

class ScreenProgram {
  public:
    ScreenProgram(const std::string& path, const std::vector<std::string>& arguments,
                  const PtyProgram::Variables& environment, int rows = 24, int columns = 80);

    void send(std::string_view keys) { program_.send(keys); }
    void resize(int rows, int columns);

    // Reads until the screen shows `text`; false after the timeout.
    bool wait_for(std::string_view text,
                  std::chrono::milliseconds timeout = std::chrono::seconds(20));
    // Until it no longer does.
    bool wait_gone(std::string_view text,
                   std::chrono::milliseconds timeout = std::chrono::seconds(20));
    // Until nothing has come for a while.
    void settle();

    const ScreenModel& screen() const { return screen_; }
    bool shows(std::string_view text) const {
        return screen_.text().find(text) != std::string::npos;
    }
    PtyProgram& program() { return program_; }
    // Ends with the program; the screen is then as it left it.
    std::optional<int> wait_exit();

  private:
    void read(std::chrono::milliseconds time);

    PtyProgram program_;
    ScreenModel screen_;
    size_t shown_ = 0;  // bytes of raw() that the model has seen
};

}  // namespace hearth
