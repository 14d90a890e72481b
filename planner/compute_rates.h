// Measures ComputeRates: memory bandwidth and kernels, alone and together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "planner/device_profile.h"

namespace hearth {

// Thread counts that are measured and chosen from, for a machine of n cores: 1, 2, 4, ... and n,
// and the boundaries between classes: the fast cores alone, with the next, ...
std::vector<size_t> thread_counts(size_t n_cores, std::span<const CoreClass> classes = {});

// Works on at most max_bytes of memory for one to two seconds, fewer threads than cores on the
// fastest ones. Fails with cancelled, or machine where there is no memory for it.
Result<ComputeRates> measure_compute(std::span<const CoreClass> classes, uint64_t max_bytes,
                                     StepProgress& progress);

}  // namespace hearth
