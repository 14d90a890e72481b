// Firing: which neurons of an FFN a token made fire, told to whoever listens.
//
// The planner profiles a model with it: how often each neuron fires, which fire together, and the
// trace that cache policies are replayed on. Without a listener an FFN pays one comparison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace hearth {

// The neurons of one FFN (or of one expert of a mixture) whose activation was not zero.
struct Firing {
    size_t layer = 0;
    size_t expert = 0;                  // 0 where the FFN is not a mixture
    size_t position = 0;                // of the token in its sequence
    std::span<const uint32_t> neurons;  // ascending; valid during the call
};

// Called from the session's thread while it computes, once per layer (and chosen expert) and token,
// layer by layer: within a batch all tokens of one layer come before those of the next.
using FiringSink = std::function<void(const Firing&)>;

// The engine's end of a sink: knows where in the forward pass it is.
class FiringReporter {
  public:
    void set_sink(FiringSink sink) { sink_ = std::move(sink); }
    bool has_listener() const { return static_cast<bool>(sink_); }

    // What is told next belongs to tokens at first, first + 1, ... of this layer.
    void begin_layer(size_t layer, size_t first);
    // The same for those tokens of the batch that one expert works for, by their place in it.
    void begin_expert(size_t expert, std::vector<uint32_t> places);

    // activation (n_tokens, d_ff), zero where a neuron did not fire.
    void tell(const float* activation, size_t n_tokens, size_t d_ff);
    // One token whose neurons are known already.
    void tell(std::span<const uint32_t> neurons) const;

  private:
    FiringSink sink_;
    size_t layer_ = 0;
    size_t expert_ = 0;
    size_t first_ = 0;
    std::vector<uint32_t>
        places_;  // of an expert's tokens; empty: token t is the t-th of the batch
    std::vector<uint32_t> neurons_;
};

}  // namespace hearth
