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
    // Predicted mode: of the neurons that fired, those that had been proposed; 0 = not looked at.
    double recall = 0.0;
};

struct ModelProfile {
    static constexpr uint32_t kVersion = 3;

    std::string identity;  // ModelIdentity::hex()
    std::string name;
    ModelSizes sizes;

    // ReLU models; zero and empty for others.
    size_t n_tokens = 0;         // that were traced
    bool is_complete = false;    // the whole text was, not just what there was time for
    double persistence = 0.0;    // share of active neurons that the next token has, too
    std::vector<double> active;  // (n_layers) share of neurons that fire for a token
    HitRateCurve hit_rate;
    std::vector<std::vector<float>> firing_rates;  // by section, (d_ff): share of tokens

    // Conversations that refined the rates: tokens, and their weight in them.
    size_t own_tokens = 0;
    double own_share = 0.0;

    std::vector<Observation> observations;

    double active_fraction() const;  // over all layers

    // Takes over what a trace says of its neurons. Earlier rates count as a trace of the same
    // length, halved with every further one: what is used now matters more than what was.
    void learn(const ActivityTrace& trace);
    // The same for what conversations made fire: the older, the less it counts. Nothing to refine
    // where no text was traced, or another model.
    void learn(const FiringCounts& conversations);
    // Newest first; of those alike (placement, mode, threads and about the same memory) one stays.
    void learn(const Observation& observation);

    // By section and neuron, the share of tokens that want it (Plan::firing_rates): an expert's are
    // wanted only where it is chosen.
    std::vector<std::vector<float>> demand() const;

  private:
    template <typename Kept>
    void blend(const FiringCounts& counts, const Kept& kept, double kept_active);
};

std::string to_json(const ModelProfile& profile);
// bad_file with one line where it is damaged, of another version or inconsistent.
Result<ModelProfile> parse_model_profile(const std::string& json, const std::string& name);

}  // namespace hearth
