// From a solution in shares to a Plan in bytes, records and reads.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/neuron/plan.h"
#include "planner/device_profile.h"
#include "planner/model_profile.h"
#include "planner/plan_file.h"
#include "planner/solver.h"

namespace hearth {

// `pack_path` is of the pack that a by_neuron setting reads from, and of the predictors beside it;
// `stream` buffers matrices.
Plan plan_from_solution(const PlanInputs& inputs, const DeviceProfile& device,
                        const ModelProfile& model, const Solution& solution,
                        const StreamPlan& stream, const std::string& pack_path);

// Of all sections' neurons the hottest `share`, counted per section: (n_sections).
std::vector<uint32_t> count_hot(const ModelProfile& model, double share);

// What records are aligned to: 512 where the device takes that and it does not slow reads down by
// more than the bytes it saves, else 4096.
size_t choose_alignment(const StorageRates& storage, uint64_t record_bytes);

}  // namespace hearth
