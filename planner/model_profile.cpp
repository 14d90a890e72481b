#include "planner/model_profile.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hearth {
namespace {

constexpr size_t kMaxObservations = 32;

// After so many tokens of conversation what was known before weighs half: some long evenings.
constexpr double kHalfLife = 8192.0;

}  // namespace

double ModelProfile::active_fraction() const {
    if (active.empty()) return 1.0;
    return std::accumulate(active.begin(), active.end(), 0.0) / static_cast<double>(active.size());
}

// Of what is known, `kept(n)` stays in a section that n tokens reached, and `kept_active` of how
// many neurons are active.
template <typename Kept>
void ModelProfile::blend(const FiringCounts& counts, const Kept& kept, double kept_active) {
    const TraceShape& shape = counts.shape();
    for (size_t section = 0; section < shape.n_sections(); ++section) {
        const size_t n = counts.tokens_of(section);
        if (n == 0) continue;  // an expert that was never chosen keeps what is known
        const auto old_weight = static_cast<float>(kept(n));
        const auto fired = counts.of(section);
        std::vector<float>& rates = firing_rates[section];
        for (size_t i = 0; i < shape.d_ff; ++i) {
            const float now = static_cast<float>(fired[i]) / static_cast<float>(n);
            rates[i] = old_weight * rates[i] + (1.0F - old_weight) * now;
        }
    }
    for (size_t layer = 0; layer < shape.n_layers; ++layer) {
        active[layer] =
            kept_active * active[layer] + (1.0 - kept_active) * counts.active_fraction(layer);
    }
}

void ModelProfile::learn(const ActivityTrace& trace) {
    const TraceShape& shape = trace.shape();
    const bool is_first = firing_rates.size() != shape.n_sections();
    if (is_first) firing_rates.assign(shape.n_sections(), std::vector<float>(shape.d_ff));
    active.resize(shape.n_layers);
    const double kept = is_first ? 0.0 : 0.5;
    blend(
        trace.counts(), [&](size_t) { return kept; }, kept);
    own_share *= kept;
    persistence = trace.persistence();
    n_tokens += trace.n_tokens();
}

void ModelProfile::learn(const FiringCounts& conversations) {
    if (firing_rates.size() != conversations.shape().n_sections() || firing_rates.empty() ||
        firing_rates.front().size() != conversations.shape().d_ff) {
        return;  // nothing to refine
    }
    // A token goes through so many of a layer's experts.
    const auto ways = static_cast<double>(std::max<size_t>(1, sizes.n_experts_used));
    const double share = sizes.used_share();
    const double n = static_cast<double>(conversations.n_tokens()) / ways;
    const double kept = std::exp2(-n / kHalfLife);
    const auto kept_of = [&](size_t n_section) {
        return std::exp2(-static_cast<double>(n_section) / (share * kHalfLife));
    };
    blend(conversations, kept_of, kept);
    own_share = 1.0 - kept * (1.0 - own_share);
    own_tokens += static_cast<size_t>(std::llround(n));
}

void ModelProfile::learn(const Observation& observation) {
    std::erase_if(observations, [&](const Observation& other) {
        return are_alike(other.setting, observation.setting);
    });
    observations.insert(observations.begin(), observation);
    if (observations.size() > kMaxObservations) observations.resize(kMaxObservations);
}

std::vector<std::vector<float>> ModelProfile::demand() const {
    std::vector<std::vector<float>> rates = firing_rates;
    const auto used = static_cast<float>(sizes.used_share());
    for (auto& section : rates) {
        for (float& rate : section) rate *= used;
    }
    return rates;
}

}  // namespace hearth
