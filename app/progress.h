// ProgressLine: one line on a terminal that says what is being waited for, erased afterwards.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "app/output.h"

namespace hearth {

// "loading 43 %, 2 s left". Nothing is written where the output is no terminal or a dumb one, nor
// for waits too short to be noticed.
class ProgressLine {
  public:
    ProgressLine(Output& output, std::string_view term);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // A new `label` begins a new wait.
    void update(std::string_view label, uint64_t done, uint64_t total);
    void clear();

  private:
    using Clock = std::chrono::steady_clock;

    Output& output_;
    bool enabled_;
    bool visible_ = false;
    std::string_view label_;
    Clock::time_point begun_;
    uint64_t done_at_begin_ = 0;
    Clock::time_point drawn_;
};

// "2 s", "1 min 20 s": for time that is left.
std::string format_seconds(double seconds);

}  // namespace hearth
