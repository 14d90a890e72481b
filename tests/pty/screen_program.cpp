#include "tests/pty/screen_program.h"

namespace hearth {

using std::chrono::milliseconds;

ScreenProgram::ScreenProgram(const std::string& path, const std::vector<std::string>& arguments,
                             const PtyProgram::Variables& environment, int rows, int columns)
    : program_(path, arguments, environment, rows, columns), screen_(rows, columns) {}

void ScreenProgram::resize(int rows, int columns) {
    read(milliseconds(0));
    screen_.resize(rows, columns);
    program_.resize(rows, columns);
}

void ScreenProgram::read(milliseconds time) {
    program_.watch(time);
    screen_.write(std::string_view(program_.raw()).substr(shown_));
    shown_ = program_.raw().size();
}

bool ScreenProgram::wait_for(std::string_view text, milliseconds timeout) {
    const auto end = PtyProgram::Clock::now() + timeout;
    while (true) {
        read(milliseconds(10));
        if (shows(text)) return true;
        if (PtyProgram::Clock::now() > end) return false;
    }
}

bool ScreenProgram::wait_gone(std::string_view text, milliseconds timeout) {
    const auto end = PtyProgram::Clock::now() + timeout;
    while (true) {
        read(milliseconds(10));
        if (!shows(text)) return true;
        if (PtyProgram::Clock::now() > end) return false;
    }
}

void ScreenProgram::settle() {
    const auto end = PtyProgram::Clock::now() + std::chrono::seconds(10);
    for (size_t before = shown_ + 1; before != shown_ && PtyProgram::Clock::now() < end;) {
        before = shown_;
        read(milliseconds(120));
    }
}

std::optional<int> ScreenProgram::wait_exit() {
    const auto code = program_.wait_exit();
    read(milliseconds(1));
    return code;
}

}  // namespace hearth
