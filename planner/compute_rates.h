// Measures ComputeRates: memory bandwidth and kernels, alone and together.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "planner/device_profile.h"

namespace hearth {

// Thread counts that are measured for a machine of n cores: 1, 2, 4, ... and n.
std::vector<size_t> thread_counts(size_t n_cores);

// Works on at most max_bytes of memory for one to two seconds. Fails with cancelled, or machine
// where there is no memory for it.
Result<ComputeRates> measure_compute(size_t n_cores, uint64_t max_bytes, StepProgress& progress);

}  // namespace hearth
