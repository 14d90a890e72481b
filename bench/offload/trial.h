// A trial: one measurement in a process of its own, under a memory cap or not.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "bench/offload/measurement.h"
#include "engine/base/result.h"

namespace hearth::bench {

struct Trial {
    std::string name;
    std::optional<uint64_t> cap_bytes = {};  // absent: as much as it likes
    std::function<Result<Measurement>()> run = {};
};

// Forks, caps, runs, and adds the process's peak memory to what came back. The caller has no
// threads. A process that the cap killed is an error that says so.
Result<Measurement> run_trial(const Trial& trial);

}  // namespace hearth::bench
