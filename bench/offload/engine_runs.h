// The engine itself, resident or streamed, as bench_offload runs it.
#pragma once

#include <functional>

#include "bench/offload/measurement.h"
#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/neuron/plan.h"

namespace hearth::bench {

struct EngineRun {
    SparsityMode mode = SparsityMode::exact;
    uint64_t budget_bytes = 0;                    // 0: everything is resident
    std::function<void(Plan&)> change_plan = {};  // before it is used
};

// The plan of a run: the default one, with what the profile knows of neurons.
Result<Plan> make_plan(const Gguf& gguf, const Workload& workload, const EngineRun& run);

// Opens the model and decodes greedily behind the same prompt as the others.
Result<Measurement> run_engine(const Workload& workload, const EngineRun& run);

}  // namespace hearth::bench
