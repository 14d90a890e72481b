#include "engine/neuron/firing.h"

namespace hearth {

void FiringReporter::begin_layer(size_t layer, size_t first) {
    layer_ = layer;
    expert_ = 0;
    first_ = first;
    places_.clear();
}

void FiringReporter::begin_expert(size_t expert, std::vector<uint32_t> places) {
    expert_ = expert;
    places_ = std::move(places);
}

void FiringReporter::tell(const float* activation, size_t n_tokens, size_t d_ff) {
    for (size_t t = 0; t < n_tokens; ++t) {
        neurons_.clear();
        for (size_t i = 0; i < d_ff; ++i) {
            if (activation[t * d_ff + i] != 0.0F) neurons_.push_back(static_cast<uint32_t>(i));
        }
        sink_({layer_, expert_, first_ + (places_.empty() ? t : places_[t]), neurons_});
    }
}

void FiringReporter::tell(std::span<const uint32_t> neurons) const {
    sink_({layer_, expert_, first_, neurons});
}

}  // namespace hearth
