// PlanSetting: what the solver chooses, before it becomes a Plan: shares and counts instead of
// bytes.
#pragma once

#include <cstddef>

#include "engine/neuron/plan.h"
#include "engine/neuron/sparse_ffn.h"

namespace hearth {

struct PlanSetting {
    FfnPlacement placement = FfnPlacement::resident;
    SparsityMode mode = SparsityMode::dense;
    bool gates_resident = true;  // by_neuron: gate rows are not fetched with up and down
    double gates_kept = 1.0;     // of those, the share that stays; the rest is streamed every token
    // by_neuron: of all neurons, those that are always in memory. by_layer: of all FFN bytes.
    double hot_share = 0.0;
    double cache_share = 0.0;  // by_neuron: of all neurons, room in the cache beside the hot ones
    size_t n_threads = 1;
    size_t queue_depth = 64;

    bool operator==(const PlanSetting&) const = default;
};

// Whether what was measured with one tells of the other: the same but for a little memory.
bool are_alike(const PlanSetting& a, const PlanSetting& b);

}  // namespace hearth
