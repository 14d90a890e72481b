#include "engine/neuron/cache_fill.h"

#include <algorithm>
#include <functional>

namespace hearth {

namespace {

// The rate of the last of the n most frequent: 0 where there are no more than n.
float least_rate(std::span<const std::vector<float>> rates, size_t n) {
    std::vector<float> all;
    for (const auto& section : rates) all.insert(all.end(), section.begin(), section.end());
    if (n == 0 || n >= all.size()) return 0.0F;
    const auto last = all.begin() + static_cast<ptrdiff_t>(n - 1);
    std::nth_element(all.begin(), last, all.end(), std::greater<>());
    return *last;
}

}  // namespace

std::vector<std::vector<uint32_t>> choose_fill(const Pack& pack,
                                               std::span<const std::vector<uint32_t>> hot,
                                               std::span<const std::vector<float>> rates,
                                               size_t n) {
    const size_t n_sections = pack.sections().size();
    size_t n_hot = 0;
    for (const auto& section : hot) n_hot += section.size();
    // Hot ones are the most frequent of all, or near enough.
    const float least = rates.empty() ? 0.0F : least_rate(rates, n_hot + n);
    std::vector<std::vector<uint32_t>> chosen(n_sections);
    for (size_t s = 0; s < n_sections; ++s) {
        const size_t share = rates.empty() ? n / (n_sections - s) : n;
        for (const uint32_t neuron : pack.placement(s)) {
            if (chosen[s].size() == share) break;
            if (std::binary_search(hot[s].begin(), hot[s].end(), neuron)) continue;
            if (!rates.empty() && rates[s][neuron] < least) continue;
            chosen[s].push_back(neuron);
        }
        n -= chosen[s].size();
    }
    return chosen;
}

}  // namespace hearth
