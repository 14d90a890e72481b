// The solver: the best setting by the cost model, by trying all of them.
//
// The curves were measured, so there is nothing to derive; a few thousand settings at about a
// microsecond each are tried in the time an integer program would take to set up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "planner/cost_model.h"
#include "planner/memory_model.h"

namespace hearth {

struct SolveRequest {
    uint64_t budget_bytes = 0;                            // 0 = as much as the model needs
    std::optional<SparsityMode> sparsity = std::nullopt;  // absent = lossless
    std::optional<size_t> n_threads = std::nullopt;       // absent = the solver decides
    double min_speed = 0.0;    // tokens per second: 0 = as fast as possible; else the least memory
    bool may_use_pack = true;  // a pack exists, or there is room to write one
};

// What one decision could have been instead, everything else decided as well as possible.
struct Alternative {
    std::string decision;  // "threads"
    std::string value;     // "1"
    double tokens_per_second = 0.0;
    bool is_chosen = false;
    std::string why_not = "";  // not open to the solver, however fast: "may change answers; ..."
};

struct Solution {
    PlanSetting setting;
    TokenCost cost;
    MemoryUse memory;
    std::vector<Alternative> alternatives;  // the chosen one of each decision among them
};

// Errors, one line: machine when nothing fits the budget or no setting reaches the speed, either
// with the nearest that is possible; usage when the model cannot do the sparsity asked for.
Result<Solution> solve(const DeviceProfile& device, const ModelProfile& model,
                       const BaseMemory& base, const SolveRequest& request);

}  // namespace hearth
