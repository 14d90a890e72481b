// Who takes part in which comparison.
#pragma once

#include <string>
#include <vector>

#include "bench/offload/prepare.h"
#include "bench/offload/trial.h"

namespace hearth::bench {

// What the capped ones may use: the fixed bytes, a share of the FFN, and a tenth of the FFN for the
// program, buffers and the kernel's own pages.
struct Cap {
    ModelBytes bytes;
    double ffn_share = 0.5;

    uint64_t cap_bytes() const;     // of the control group
    uint64_t budget_bytes() const;  // told to the engine: 98 % of the cap
    uint64_t ffn_bytes() const;     // the share
    uint64_t program_bytes() const;
};

// The engine resident (not capped) in all its modes; under the cap the engine streamed (dense by
// layer, exact and predicted by neuron), LLM in a Flash with a window of 5 tokens as published and
// with our joined reads, then with as many tokens as memory holds, and mmap.
std::vector<Trial> comparison(const Workload& workload, const Cap& cap);

// Streamed by neuron, exact and predicted.
std::vector<Trial> sweep_point(const Workload& workload, const Cap& cap);

// The streamed engine with one of its parts taken away.
std::vector<Trial> ablation(const Workload& workload, const Cap& cap);

}  // namespace hearth::bench
