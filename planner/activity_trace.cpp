#include "planner/activity_trace.h"

#include <algorithm>
#include <limits>

namespace hearth {
namespace {

constexpr size_t kNotKept = std::numeric_limits<size_t>::max();

// How many values two ascending lists share.
size_t n_common(std::span<const uint32_t> a, std::span<const uint32_t> b) {
    size_t n = 0;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j]) ++n;
        const bool advance_a = a[i] <= b[j];
        const bool advance_b = b[j] <= a[i];
        if (advance_a) ++i;
        if (advance_b) ++j;
    }
    return n;
}

}  // namespace

ActivityTrace::ActivityTrace(const TraceShape& shape, size_t n_kept_layers)
    : shape_(shape),
      place_of_layer_(shape.n_layers, kNotKept),
      counts_(shape.n_neurons()),
      section_tokens_(shape.n_sections()) {
    const size_t n = std::clamp<size_t>(n_kept_layers, 1, shape.n_layers);
    for (size_t i = 0; i < n; ++i) {
        const size_t layer = (2 * i + 1) * shape.n_layers / (2 * n);
        place_of_layer_[layer] = kept_layers_.size();
        kept_layers_.push_back(layer);
    }
    kept_.resize(kept_layers_.size() * shape.n_experts);
}

void ActivityTrace::add(const Firing& firing) {
    if (firing.layer >= shape_.n_layers || firing.expert >= shape_.n_experts) return;
    if (!firing.neurons.empty() && firing.neurons.back() >= shape_.d_ff) return;
    const size_t section = firing.layer * shape_.n_experts + firing.expert;
    for (const uint32_t neuron : firing.neurons) ++counts_[section * shape_.d_ff + neuron];
    ++section_tokens_[section];
    n_tokens_ = std::max(n_tokens_, firing.position + 1);
    if (place_of_layer_[firing.layer] == kNotKept) return;
    Kept& kept = kept_[place_of_layer_[firing.layer] * shape_.n_experts + firing.expert];
    const auto begin = static_cast<uint32_t>(kept.neurons.size());
    kept.neurons.insert(kept.neurons.end(), firing.neurons.begin(), firing.neurons.end());
    kept.steps.push_back({static_cast<uint32_t>(firing.position), begin,
                          static_cast<uint32_t>(kept.neurons.size())});
}

std::span<const uint32_t> ActivityTrace::counts(size_t section) const {
    return std::span(counts_).subspan(section * shape_.d_ff, shape_.d_ff);
}

std::span<const ActivityTrace::Step> ActivityTrace::steps(size_t kept, size_t expert) const {
    return kept_[kept * shape_.n_experts + expert].steps;
}

std::span<const uint32_t> ActivityTrace::neurons(size_t kept, size_t expert,
                                                 const Step& step) const {
    const Kept& one = kept_[kept * shape_.n_experts + expert];
    return std::span(one.neurons).subspan(step.begin, step.end - step.begin);
}

double ActivityTrace::active_fraction(size_t layer) const {
    double fired = 0.0;
    double seen = 0.0;
    for (size_t s = layer * shape_.n_experts; s < (layer + 1) * shape_.n_experts; ++s) {
        for (const uint32_t count : counts(s)) fired += count;
        seen += static_cast<double>(section_tokens_[s] * shape_.d_ff);
    }
    return seen > 0.0 ? fired / seen : 0.0;
}

double ActivityTrace::active_fraction() const {
    double sum = 0.0;
    for (size_t layer = 0; layer < shape_.n_layers; ++layer) sum += active_fraction(layer);
    return shape_.n_layers > 0 ? sum / static_cast<double>(shape_.n_layers) : 0.0;
}

double ActivityTrace::persistence() const {
    double common = 0.0;
    double all = 0.0;
    for (size_t kept = 0; kept < kept_layers_.size(); ++kept) {
        for (size_t expert = 0; expert < shape_.n_experts; ++expert) {
            const auto list = steps(kept, expert);
            for (size_t i = 1; i < list.size(); ++i) {
                if (list[i].token != list[i - 1].token + 1) continue;
                const auto before = neurons(kept, expert, list[i - 1]);
                common += static_cast<double>(n_common(before, neurons(kept, expert, list[i])));
                all += static_cast<double>(before.size());
            }
        }
    }
    return all > 0.0 ? common / all : 0.0;
}

}  // namespace hearth
