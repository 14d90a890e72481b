// GateSamples: what the FFNs of a model saw while it read a text, to fit predictors to.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/engine.h"

namespace hearth {

struct GateSamples {
    size_t n_tokens = 0;
    std::vector<std::vector<float>> inputs;  // (n_layers) of (n_tokens, d_model): normed
};

// Reads `tokens` one by one. All weights of `model` are in memory; no mixtures.
GateSamples sample_ffn_inputs(const Model& model, std::span<const Token> tokens, size_t n_threads);

// (n_tokens, d_ff) the gates of one layer for inputs (n_tokens, d_model), before the activation.
std::vector<float> compute_gates(const Model& model, size_t layer, std::span<const float> inputs,
                                 ThreadPool& pool);

}  // namespace hearth
