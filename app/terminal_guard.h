// TerminalGuard: the terminal is given back on every way out, crashes included.
#pragma once

#include <string_view>

namespace hearth {

// Remembers how the terminal of standard input is set; while it lives, the signals that a bug
// raises (SEGV, BUS, FPE, ILL, TRAP, ABRT) restore it before they end the program, on a stack of
// their own and with async-signal-safe calls only. The destructor restores it too. One at a time:
// a signal handler can find what it needs in static memory only.
class TerminalGuard {
  public:
    TerminalGuard();
    ~TerminalGuard();
    TerminalGuard(const TerminalGuard&) = delete;
    TerminalGuard& operator=(const TerminalGuard&) = delete;
};

// What is written to the terminal before the rest is restored: how its full-screen mode is left.
// "" = it is not in one. At most kMaxLeaveSequence bytes.
inline constexpr size_t kMaxLeaveSequence = 512;
void set_leave_sequence(std::string_view sequence);

}  // namespace hearth
