#include "app/terminal_guard.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>

#include "engine/base/check.h"

namespace hearth {
namespace {

constexpr std::array kFatalSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
// Bracketed paste off, attributes off.
constexpr std::string_view kRestore = "\x1b[?2004l\x1b[0m";

// What the handlers need. Written before they are installed, only read afterwards.
termios saved_settings;
bool have_settings = false;
std::array<char, kMaxLeaveSequence> leave_sequence;
std::atomic<size_t> leave_bytes{0};  // 0 while leave_sequence is being written
alignas(16) std::array<char, 64 * 1024> handler_stack;

void restore() {
    if (!have_settings) return;
    [[maybe_unused]] auto n = ::write(STDOUT_FILENO, leave_sequence.data(), leave_bytes);
    n = ::write(STDOUT_FILENO, kRestore.data(), kRestore.size());
    ::tcsetattr(STDIN_FILENO, TCSANOW, &saved_settings);
}

// SA_RESETHAND: the signal is at its default again, so raising it ends the program.
void on_fatal_signal(int signal) {
    restore();
    ::raise(signal);
}

}  // namespace

void set_leave_sequence(std::string_view sequence) {
    HEARTH_CHECK(sequence.size() <= kMaxLeaveSequence);
    leave_bytes = 0;
    std::copy(sequence.begin(), sequence.end(), leave_sequence.begin());
    leave_bytes = sequence.size();
}

TerminalGuard::TerminalGuard() {
    have_settings = ::tcgetattr(STDIN_FILENO, &saved_settings) == 0;
    stack_t stack{};
    stack.ss_sp = handler_stack.data();
    stack.ss_size = handler_stack.size();
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = on_fatal_signal;
    action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND);
    for (const int signal : kFatalSignals) ::sigaction(signal, &action, nullptr);
    set_abort_hook(restore);
}

TerminalGuard::~TerminalGuard() {
    set_abort_hook(nullptr);
    for (const int signal : kFatalSignals) ::signal(signal, SIG_DFL);
    if (have_settings) ::tcsetattr(STDIN_FILENO, TCSANOW, &saved_settings);
    have_settings = false;
}

}  // namespace hearth
