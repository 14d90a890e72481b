#include "planner/model_profile.h"

#include <algorithm>
#include <numeric>

namespace hearth {
namespace {

constexpr size_t kMaxObservations = 32;

}  // namespace

double ModelProfile::active_fraction() const {
    if (active.empty()) return 1.0;
    return std::accumulate(active.begin(), active.end(), 0.0) / static_cast<double>(active.size());
}

void ModelProfile::learn(const ActivityTrace& trace) {
    const TraceShape& shape = trace.shape();
    const bool is_first = firing_rates.size() != shape.n_sections();
    if (is_first) firing_rates.assign(shape.n_sections(), std::vector<float>(shape.d_ff));
    const float kept = is_first ? 0.0F : 0.5F;
    for (size_t section = 0; section < shape.n_sections(); ++section) {
        const auto counts = trace.counts(section);
        const size_t n = trace.tokens_of(section);
        if (n == 0) continue;  // an expert that was never chosen keeps what is known
        for (size_t i = 0; i < shape.d_ff; ++i) {
            const float rate = static_cast<float>(counts[i]) / static_cast<float>(n);
            firing_rates[section][i] = kept * firing_rates[section][i] + (1.0F - kept) * rate;
        }
    }
    active.resize(shape.n_layers);
    for (size_t layer = 0; layer < shape.n_layers; ++layer) {
        const double now = trace.active_fraction(layer);
        active[layer] = is_first ? now : 0.5 * active[layer] + 0.5 * now;
    }
    persistence = trace.persistence();
    n_tokens += trace.n_tokens();
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

std::vector<std::vector<uint32_t>> ModelProfile::hottest_first() const {
    std::vector<std::vector<uint32_t>> orders;
    for (const std::vector<float>& rates : firing_rates) {
        std::vector<uint32_t> order(rates.size());
        std::iota(order.begin(), order.end(), 0u);
        std::stable_sort(order.begin(), order.end(),
                         [&](uint32_t a, uint32_t b) { return rates[a] > rates[b]; });
        orders.push_back(std::move(order));
    }
    return orders;
}

}  // namespace hearth
