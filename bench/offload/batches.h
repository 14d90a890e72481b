// Prefill of few tokens, as a message behind a conversation needs it: by neurons against dense.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/offload/measurement.h"
#include "engine/base/result.h"

namespace hearth::bench {

// For batches of 1 to 64 tokens, in memory and streamed within budget_bytes, prints how long
// prefill takes in each mode and, in brackets, a token of the decode behind it: what the batch left
// of its cache. Rounds interleave modes; medians. Weights are read past the page cache, so no
// control group is needed.
Result<void> time_batches(const Workload& workload, uint64_t budget_bytes, size_t n_rounds,
                          const std::vector<std::string>& only);

}  // namespace hearth::bench
