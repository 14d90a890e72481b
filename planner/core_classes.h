// Which cores there are, and which of them are alike.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "planner/device_profile.h"

namespace hearth {

// One core: what the kernel says of it and what a mat-vec in its cache ran at.
struct CoreRate {
    uint32_t core = 0;
    uint32_t capacity = 0;  // of 1024; 0 = the kernel says nothing
    double gbps = 0.0;
};

// Cores whose measured speeds differ by less than this are of one class: a shared host's noise is
// smaller, the step between a phone's big and little cores is larger.
inline constexpr double kSameClass = 0.75;

// Groups by capacity where the kernel tells it of all cores, else by measured speed, which a busy
// machine disturbs. At least one core; fastest class first.
std::vector<CoreClass> classify_cores(std::span<const CoreRate> cores);

// How cores are measured.
struct CoreProbe {
    size_t n_rounds = 5;  // of which the best counts
    std::chrono::milliseconds round{2};
    // Told which core is next, on the thread that measures, once it is there.
    std::function<void(uint32_t core)> on_core = {};
};

// The cores this process may run on, one after the other in rounds: who else has work takes turns
// too. In a thread of its own: the calling one's affinity stays what it is.
std::vector<CoreRate> measure_cores(const CoreProbe& probe = {});

}  // namespace hearth
