// PlanBasis: the measured numbers that a plan's decisions rest on, kept with it for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "planner/core_shares.h"
#include "planner/device_profile.h"
#include "planner/model_profile.h"
#include "planner/plan_setting.h"

namespace hearth {

struct PlanBasis {
    // Of the device.
    std::string measured_at;
    uint64_t n_cores = 0;
    std::vector<ClassShare> clusters;  // classes of cores at work, the fastest first
    double read_gbps = 0.0;            // memory, with the plan's threads
    double one_thread_gbps = 0.0;
    double gathered_gbps = 0.0;             // down rows of single neurons, with the plan's threads
    double reads_per_second = 0.0;          // of one neuron each, at the plan's queue depth
    double shallow_reads_per_second = 0.0;  // the same at depth 8
    double sequential_gbps = 0.0;           // of storage
    // Of the model.
    uint64_t ffn_bytes = 0;
    uint64_t record_bytes = 0;  // of one neuron, as it is read
    uint64_t n_neurons = 0;
    uint64_t text_tokens = 0;  // traced to see what fires; 0 = nothing to skip
    double active = 0.0;       // share of neurons that fire for a token
    double persistence = 0.0;  // of those, the share that fires for the next token again
    uint64_t own_tokens = 0;   // of conversations that refined it
    double own_share = 0.0;    // and their weight in it
    double recall = 0.0;       // of the predictor, where that was seen
    // Tokens that were decoded with this very setting, which the prediction is corrected by.
    uint64_t tried_tokens = 0;
};

PlanBasis basis_of(const DeviceProfile& device, const ModelProfile& model,
                   const PlanSetting& setting);

}  // namespace hearth
