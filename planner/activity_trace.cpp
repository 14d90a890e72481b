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
    : counts_(shape), place_of_layer_(shape.n_layers, kNotKept) {
    const size_t n = std::clamp<size_t>(n_kept_layers, 1, shape.n_layers);
    for (size_t i = 0; i < n; ++i) {
        const size_t layer = (2 * i + 1) * shape.n_layers / (2 * n);
        place_of_layer_[layer] = kept_layers_.size();
        kept_layers_.push_back(layer);
    }
    kept_.resize(kept_layers_.size() * shape.n_experts);
}

void ActivityTrace::add(const Firing& firing) {
    if (!counts_.add(firing)) return;
    n_tokens_ = std::max(n_tokens_, firing.position + 1);
    if (place_of_layer_[firing.layer] == kNotKept) return;
    Kept& kept = kept_[place_of_layer_[firing.layer] * shape().n_experts + firing.expert];
    const auto begin = static_cast<uint32_t>(kept.neurons.size());
    kept.neurons.insert(kept.neurons.end(), firing.neurons.begin(), firing.neurons.end());
    kept.steps.push_back({static_cast<uint32_t>(firing.position), begin,
                          static_cast<uint32_t>(kept.neurons.size())});
}

std::span<const ActivityTrace::Step> ActivityTrace::steps(size_t kept, size_t expert) const {
    return kept_[kept * shape().n_experts + expert].steps;
}

std::span<const uint32_t> ActivityTrace::neurons(size_t kept, size_t expert,
                                                 const Step& step) const {
    const Kept& one = kept_[kept * shape().n_experts + expert];
    return std::span(one.neurons).subspan(step.begin, step.end - step.begin);
}

double ActivityTrace::active_fraction() const {
    double sum = 0.0;
    const size_t n_layers = shape().n_layers;
    for (size_t layer = 0; layer < n_layers; ++layer) sum += counts_.active_fraction(layer);
    return n_layers > 0 ? sum / static_cast<double>(n_layers) : 0.0;
}

double ActivityTrace::persistence() const {
    double common = 0.0;
    double all = 0.0;
    for (size_t kept = 0; kept < kept_layers_.size(); ++kept) {
        for (size_t expert = 0; expert < shape().n_experts; ++expert) {
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
