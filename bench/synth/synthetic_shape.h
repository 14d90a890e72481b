// SyntheticShape: the sizes of a synthetic model, and what is planted in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace hearth {

// A llama-like model.
struct SyntheticShape {
    std::string architecture = "llama";  // any that has llama's tensors; qwen2 gets its biases
    uint64_t n_layers = 16;
    uint64_t d_model = 2048;
    uint64_t n_heads = 32;
    uint64_t n_kv_heads = 8;
    uint64_t d_ff = 8192;  // of one expert, for a mixture
    uint64_t n_vocab = 32'000;
    uint64_t context_length = 8192;
    float rope_base = 500'000.0f;
    bool tied_head = false;
    std::string ffn_activation;  // key hearth.ffn_activation; not written when empty
    // The share of neurons that fire for a token, planted (planted_weights.h); 0: weights are
    // random and nothing is planted. Needs ffn_activation relu or drelu.
    double active_fraction = 0.0;
    uint64_t n_experts = 0;  // 0: no mixture; mixtures are planted ones
    uint64_t n_experts_used = 0;

    uint64_t head_dim() const { return d_model / n_heads; }
    bool is_planted() const { return active_fraction > 0.0; }
};

// Random: "1b" (Llama-3.2-1B), "7b" (Mistral-7B), "8b" (Llama-3-8B, its vocabulary of 128,256).
// Planted: "1b-relu", "7b-relu", and "47b" (TurboSparse-Mixtral-47B). A usage error lists them.
Result<SyntheticShape> preset_shape(std::string_view name);

}  // namespace hearth
