// The feed-forward network: gate and up, activation, down.
#pragma once

#include <cstddef>

#include "engine/kernels/linear.h"
#include "engine/model/activations.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"
#include "engine/neuron/sparse_ffn.h"

namespace hearth {

// Reads x (n_tokens, d_model), writes out (n_tokens, d_model), which may not be x. ReLU models
// count their active neurons; nothing is counted for others.
NeuronCount feed_forward(const Compute& compute, const ModelConfig& config,
                         const FfnWeights& weights, const float* x, size_t n_tokens, float* out,
                         Activations& a);

// The FFN of one token by neurons, from a.normed and the residual a.residual (d_model): mode exact
// or predicted, for a layer that can_run_sparse().
NeuronCount feed_forward_sparse(const Compute& compute, const ModelConfig& config,
                                const LayerWeights& weights, SparsityMode mode,
                                bool measures_recall, float* out, Activations& a);

// Whether a layer's FFN can be computed by neurons in that mode.
bool can_run_sparse(const ModelConfig& config, const LayerWeights& weights, SparsityMode mode);

}  // namespace hearth
