// MemoryModel: how many bytes a process takes with a setting, segment by segment.
#pragma once

#include <cstdint>

#include "engine/neuron/plan.h"
#include "planner/cost_model.h"
#include "planner/device_profile.h"
#include "planner/model_sizes.h"
#include "planner/plan_setting.h"

namespace hearth {

struct MemoryNeeds;

// Bytes per segment; what the plan promises.
struct MemoryUse {
    uint64_t fixed = 0;       // weights that always stay, KV cache, activations, program
    uint64_t predictors = 0;  // from a file of their own
    uint64_t gates = 0;       // of a model whose other rows are on disk
    uint64_t hot = 0;         // FFN weights that stay
    uint64_t cold = 0;        // room for those that come and go
    uint64_t staging = 0;     // buffers that matrices are streamed through
    uint64_t tables = 0;      // of the pack and the cache
    uint64_t lent = 0;        // counted twice: in `cold`, and in `fixed` and `staging`, whose it is

    uint64_t total() const {
        return fixed + predictors + gates + hot + cold + staging + tables - lent;
    }
};

// What a process takes beside its FFN weights where all of a model is in memory, and streams
// through where it is not, as the engine accounts for it.
struct BaseMemory {
    uint64_t fixed_bytes = 0;
    uint64_t batch_bytes = 0;  // of that, what decoding does not touch
    StreamPlan stream;

    static BaseMemory of(const MemoryNeeds& needs);
};

class MemoryModel {
  public:
    MemoryModel(const ModelSizes& sizes, const BaseMemory& base, const CostModel& cost)
        : sizes_(sizes), base_(base), cost_(cost) {}

    MemoryUse use(const PlanSetting& setting) const;

    // The setting with as much memory as the budget leaves: gates_kept and cache_share of
    // by_neuron, hot_share of by_layer. False where not even an empty cache fits.
    bool fit(PlanSetting& setting, uint64_t budget_bytes) const;

  private:
    bool fit_by_neuron(PlanSetting& setting, uint64_t budget_bytes) const;
    uint64_t fixed_bytes(const PlanSetting& setting) const;
    uint64_t n_neurons() const { return uint64_t{sizes_.n_sections()} * sizes_.d_ff; }
    uint64_t share_bytes(const PlanSetting& setting, double share) const;

    const ModelSizes& sizes_;
    BaseMemory base_;
    const CostModel& cost_;
};

}  // namespace hearth
