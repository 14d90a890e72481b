// PlanFile: a plan as it is kept: for whom it was made, what was decided, what is expected of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/neuron/plan.h"
#include "planner/device_profile.h"
#include "planner/plan_basis.h"
#include "planner/solver.h"

namespace hearth {

// What a plan answers.
struct PlanInputs {
    uint64_t budget_bytes = 0;  // 0 = no limit
    size_t n_ctx = 0;           // positions of the KV cache
    std::optional<SparsityMode> sparsity = std::nullopt;
    std::optional<size_t> n_threads = std::nullopt;
    double min_speed = 0.0;  // 0 = the fastest

    bool operator==(const PlanInputs&) const = default;
};

struct PlanFile {
    static constexpr uint32_t kVersion = 3;

    DeviceIdentity device;
    std::string model_identity;  // ModelIdentity::hex()
    std::string model_name;
    std::string made_at;  // "2026-11-20 14:02"
    PlanInputs inputs;
    Plan plan;  // what the engine gets
    // Why: the setting in shares, what is predicted, and what else was possible.
    PlanSetting setting;
    TokenCost predicted;
    MemoryUse memory;
    std::vector<Alternative> alternatives;
    PlanBasis basis;
};

std::string to_json(const PlanFile& file);

// bad_file with one line where it is damaged, of another version or holds numbers that no planner
// writes.
Result<PlanFile> parse_plan_file(const std::string& json, const std::string& name);

// bad_file where a plan was made for another device, model or request: the line says which.
Result<void> check_made_for(const PlanFile& file, const std::string& name,
                            const DeviceIdentity& device, const std::string& model_identity,
                            const PlanInputs& inputs);

}  // namespace hearth
