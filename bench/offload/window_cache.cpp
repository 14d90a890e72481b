#include "bench/offload/window_cache.h"

#include <algorithm>

namespace hearth::bench {

WindowCache::WindowCache(size_t n_layers, size_t n_neurons, size_t n_slots, size_t slot_bytes,
                         size_t window)
    : n_neurons_(n_neurons),
      n_slots_(n_slots),
      slot_bytes_(slot_bytes),
      window_(window),
      memory_(n_slots * slot_bytes),
      neurons_(n_layers * n_neurons),
      loaded_(n_layers) {
    for (size_t i = n_slots; i-- > 0;) free_.push_back(static_cast<uint32_t>(i));
}

bool WindowCache::take(size_t layer, std::span<const uint32_t> neurons,
                       std::vector<uint32_t>& slots, std::vector<uint32_t>& missing) {
    slots.clear();
    missing.clear();
    Neuron* const known = neurons_.data() + layer * n_neurons_;
    // First mark those that are here, so that making room spares them.
    for (const uint32_t i : neurons) {
        if (known[i].slot != kNone) known[i].used = token_;
    }
    for (const uint32_t i : neurons) {
        if (known[i].slot == kNone) {
            if (free_.empty()) make_room();
            if (free_.empty()) return false;
            known[i] = {free_.back(), token_};
            free_.pop_back();
            loaded_[layer].push_back(i);
            missing.push_back(static_cast<uint32_t>(slots.size()));
        }
        slots.push_back(known[i].slot);
    }
    return true;
}

// Narrows the window, for this once, until a fiftieth of the slots is free.
void WindowCache::make_room() {
    const size_t wanted = n_slots_ / 50 + 1;
    while (free_.size() < wanted) {
        uint32_t oldest = token_;
        for (size_t layer = 0; layer < loaded_.size(); ++layer) {
            for (const uint32_t i : loaded_[layer]) {
                oldest = std::min(oldest, neurons_[layer * n_neurons_ + i].used);
            }
        }
        if (oldest == token_) return;
        for (size_t layer = 0; layer < loaded_.size(); ++layer) expire(layer, token_ - oldest);
    }
}

// Drops what was last used `window` tokens ago or earlier; what the current token uses always
// stays.
void WindowCache::expire(size_t layer, size_t window) {
    Neuron* const known = neurons_.data() + layer * n_neurons_;
    std::vector<uint32_t>& loaded = loaded_[layer];
    for (size_t i = 0; i < loaded.size();) {
        Neuron& neuron = known[loaded[i]];
        if (neuron.used == token_ || token_ - neuron.used < window) {
            ++i;
            continue;
        }
        free_.push_back(neuron.slot);
        neuron.slot = kNone;
        loaded[i] = loaded.back();
        loaded.pop_back();
    }
}

}  // namespace hearth::bench
