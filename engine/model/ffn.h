// The feed-forward network: gate and up, activation, down.
#pragma once

#include <cstddef>

#include "engine/kernels/linear.h"
#include "engine/model/activations.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"

namespace hearth {

// Neurons that were looked at and how many of them were active (activation not zero).
struct NeuronCount {
    uint64_t seen = 0;
    uint64_t active = 0;
};

// Reads x (n_tokens, d_model), writes out (n_tokens, d_model), which may not be x. ReLU models
// count their active neurons; nothing is counted for others.
NeuronCount feed_forward(const Compute& compute, const ModelConfig& config,
                         const FfnWeights& weights, const float* x, size_t n_tokens, float* out,
                         Activations& a);

}  // namespace hearth
