#include "planner/firing_counts.h"

namespace hearth {

bool FiringCounts::add(const Firing& firing) {
    if (firing.layer >= shape_.n_layers || firing.expert >= shape_.n_experts) return false;
    if (!firing.neurons.empty() && firing.neurons.back() >= shape_.d_ff) return false;
    const size_t section = firing.layer * shape_.n_experts + firing.expert;
    uint32_t* const counts = counts_.data() + section * shape_.d_ff;
    for (const uint32_t neuron : firing.neurons) ++counts[neuron];
    ++section_tokens_[section];
    return true;
}

size_t FiringCounts::n_tokens() const {
    size_t n = 0;
    for (size_t s = 0; s < shape_.n_experts && s < section_tokens_.size(); ++s) {
        n += section_tokens_[s];
    }
    return n;
}

double FiringCounts::active_fraction(size_t layer) const {
    double fired = 0.0;
    double seen = 0.0;
    for (size_t s = layer * shape_.n_experts; s < (layer + 1) * shape_.n_experts; ++s) {
        for (const uint32_t count : of(s)) fired += count;
        seen += static_cast<double>(section_tokens_[s] * shape_.d_ff);
    }
    return seen > 0.0 ? fired / seen : 0.0;
}

}  // namespace hearth
