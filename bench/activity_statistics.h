// What share of neurons fires, how unevenly, how persistently, and how well predictors know it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/ffn_probe.h"
#include "engine/neuron/predictor.h"

namespace hearth::bench {

// Of one layer. Shares are of the neurons or of the active ones; 0 where nothing was seen.
struct LayerActivity {
    double active = 0.0;         // of all neurons, mean over tokens
    double hottest_fifth = 0.0;  // of all activations
    double persistence = 0.0;    // of a token's active ones, active again at the next token
    double recall = 0.0;         // of the active ones, proposed by the layer's predictor
    double proposed = 0.0;       // of all neurons, by the predictor
};

// Counts visits of one FFN per layer (no mixtures).
class ActivityStatistics {
  public:
    explicit ActivityStatistics(const Model& model);

    // `compute` runs the layer's predictor, where it has one.
    void add(const Compute& compute, const FfnVisit& visit);
    std::vector<LayerActivity> layers() const;

  private:
    struct Counts {
        std::vector<uint32_t> fired;  // (d_ff) tokens at which the neuron was active
        std::vector<bool> was_active;
        uint64_t n_tokens = 0;
        uint64_t n_active = 0;
        uint64_t n_before = 0;  // active at a token that has a successor
        uint64_t n_again = 0;
        uint64_t n_proposed = 0;
        uint64_t n_recalled = 0;
    };

    const Model& model_;
    std::vector<Counts> layers_;
    PredictorScratch scratch_;
    std::vector<uint32_t> proposed_;
};

// The mean over layers.
LayerActivity mean(const std::vector<LayerActivity>& layers);

}  // namespace hearth::bench
