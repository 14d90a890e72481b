// WindowCache: the memory of LLM in a Flash: slots for the bundles that the last k tokens used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/aligned_buffer.h"

namespace hearth::bench {

class WindowCache {
  public:
    WindowCache(size_t n_layers, size_t n_neurons, size_t n_slots, size_t slot_bytes,
                size_t window);

    // A new token: its number is one higher.
    void begin_token() { ++token_; }

    // The slots of `neurons`, in their order; those that hold nothing yet are told in `missing` by
    // their place in the list. Everything is used by the current token. False when the slots do not
    // suffice for one token.
    bool take(size_t layer, std::span<const uint32_t> neurons, std::vector<uint32_t>& slots,
              std::vector<uint32_t>& missing);

    // Drops a layer's neurons that the last k tokens did not use.
    void slide(size_t layer) { expire(layer, window_); }

    std::byte* data(uint32_t slot) { return memory_.data() + size_t{slot} * slot_bytes_; }
    size_t n_slots() const { return n_slots_; }

  private:
    static constexpr uint32_t kNone = ~uint32_t{0};
    struct Neuron {
        uint32_t slot = kNone;
        uint32_t used = 0;  // the last token that used it, while it has a slot
    };

    void expire(size_t layer, size_t window);
    void make_room();

    size_t n_neurons_;
    size_t n_slots_;
    size_t slot_bytes_;
    size_t window_;
    uint32_t token_ = 0;
    AlignedBuffer<std::byte> memory_;
    std::vector<Neuron> neurons_;                // (n_layers, n_neurons)
    std::vector<std::vector<uint32_t>> loaded_;  // (n_layers) neurons with a slot
    std::vector<uint32_t> free_;
};

}  // namespace hearth::bench
