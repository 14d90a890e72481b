// ModelProfile: what one model does, measured once by running a text through it, refined by use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "planner/activity_trace.h"
#include "planner/hit_rate_curve.h"
#include "planner/model_sizes.h"
#include "planner/plan_setting.h"

namespace hearth {

// Some tokens that were decoded, in earnest or to measure: what the cost model is corrected by.
struct Observation {
    PlanSetting setting;
    size_t n_tokens = 0;
    // Per token.
    double seconds = 0.0;
    double stall_seconds = 0.0;  // waited for reads
    double reads = 0.0;
    double bytes = 0.0;  // read
};

struct ModelProfile {
    static constexpr uint32_t kVersion = 1;

    std::string identity;  // ModelIdentity::hex()
    std::string name;
    ModelSizes sizes;

    // ReLU models; zero and empty for others.
    size_t n_tokens = 0;         // that were traced
    double persistence = 0.0;    // share of active neurons that the next token has, too
    std::vector<double> active;  // (n_layers) share of neurons that fire for a token
    HitRateCurve hit_rate;
    std::vector<std::vector<float>> firing_rates;  // by section, (d_ff): share of tokens

    std::vector<Observation> observations;

    double active_fraction() const;  // over all layers

    // Takes over what a trace says of its neurons. Earlier rates count as a trace of the same
    // length, halved with every further one: what is used now matters more than what was.
    void learn(const ActivityTrace& trace);
    // Newest first; of those alike (placement, mode, threads and about the same memory) one stays.
    void learn(const Observation& observation);

    // By section and neuron, the share of tokens that want it (Plan::firing_rates): an expert's are
    // wanted only where it is chosen.
    std::vector<std::vector<float>> demand() const;

    // For each section its neurons, those that fire most first: what a pack is placed by.
    std::vector<std::vector<uint32_t>> hottest_first() const;
};

std::string to_json(const ModelProfile& profile);
// bad_file with one line where it is damaged, of another version or inconsistent.
Result<ModelProfile> parse_model_profile(const std::string& json, const std::string& name);

}  // namespace hearth
