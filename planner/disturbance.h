// Disturbance: whether others used the machine while something was measured.
#pragma once

#include <chrono>

namespace hearth {

// More than so many cores' worth of others' work: what was measured meanwhile is measured again.
inline constexpr double kDisturbed = 0.25;

// Knows processors only (/proc/stat); who shares a disk or a memory controller is seen by
// repeating.
class Disturbance {
  public:
    Disturbance() { begin(); }
    void begin();

    // How many cores other processes (and other guests of the host) kept busy since begin(), on
    // average: 0.25 = a quarter of one. Tells little of spans below 100 ms. 0 where the system
    // does not say.
    double cores() const;

  private:
    std::chrono::steady_clock::time_point begin_;
    double busy_ = 0.0;  // seconds of all processors
    double own_ = 0.0;   // seconds of this process
};

}  // namespace hearth
