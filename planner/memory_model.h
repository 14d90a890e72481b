// MemoryModel: how many bytes a process takes with a setting, segment by segment.
#pragma once

#include <cstdint>

#include "planner/cost_model.h"
#include "planner/device_profile.h"
#include "planner/model_sizes.h"
#include "planner/plan_setting.h"

namespace hearth {

// Bytes per segment; what the plan promises.
struct MemoryUse {
    uint64_t fixed = 0;       // weights that always stay, KV cache, activations, program
    uint64_t predictors = 0;  // from a file of their own
    uint64_t gates = 0;       // of a model whose other rows are on disk
    uint64_t hot = 0;         // FFN weights that stay
    uint64_t cold = 0;        // room for those that come and go
    uint64_t staging = 0;     // buffers that matrices are streamed through
    uint64_t tables = 0;      // of the pack and the cache

    uint64_t total() const { return fixed + predictors + gates + hot + cold + staging + tables; }
};

class MemoryModel {
  public:
    // `fixed_bytes`: of everything but FFN weights, as the engine accounts for it where all of the
    // model is in memory.
    MemoryModel(const ModelSizes& sizes, uint64_t fixed_bytes, uint64_t staging_bytes,
                const CostModel& cost)
        : sizes_(sizes), fixed_bytes_(fixed_bytes), staging_bytes_(staging_bytes), cost_(cost) {}

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
    uint64_t fixed_bytes_;
    uint64_t staging_bytes_;
    const CostModel& cost_;
};

}  // namespace hearth
