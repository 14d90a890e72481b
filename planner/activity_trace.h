// ActivityTrace: which neurons fired while a text was run through a model.
//
// Firing counts are kept of all neurons; the firings themselves, token by token, of some layers
// only, evenly spaced: 256 tokens of a 7B would be 46 MB, and cache policies behave the same on a
// part of the layers with the same part of the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/neuron/firing.h"
#include "planner/firing_counts.h"

namespace hearth {

class ActivityTrace {
  public:
    // What a section's neurons did for one token.
    struct Step {
        uint32_t token = 0;
        uint32_t begin = 0;  // in the section's list of neurons
        uint32_t end = 0;
    };

    ActivityTrace(const TraceShape& shape, size_t n_kept_layers);

    // Tokens of a section come in ascending order; layers in any. What does not fit the shape is
    // dropped.
    void add(const Firing& firing);

    const TraceShape& shape() const { return counts_.shape(); }
    size_t n_tokens() const { return n_tokens_; }
    std::span<const size_t> kept_layers() const { return kept_layers_; }

    const FiringCounts& counts() const { return counts_; }

    // The steps of one expert of the i-th kept layer, by token, and a step's neurons.
    std::span<const Step> steps(size_t kept, size_t expert) const;
    std::span<const uint32_t> neurons(size_t kept, size_t expert, const Step& step) const;

    // The share of neurons (of the experts that were chosen) that fire for a token: over all
    // layers.
    double active_fraction() const;
    // The share of a token's active neurons that the next token has, too: over the kept layers.
    double persistence() const;

  private:
    struct Kept {
        std::vector<Step> steps;
        std::vector<uint32_t> neurons;
    };

    FiringCounts counts_;
    size_t n_tokens_ = 0;
    std::vector<size_t> kept_layers_;
    std::vector<size_t> place_of_layer_;  // among the kept ones; kNotKept
    std::vector<Kept> kept_;              // (kept layers, n_experts)
};

}  // namespace hearth
