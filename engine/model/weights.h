// Weights: the tensors of a model by role, in memory, shapes verified.
//
// Two arenas, segments of the memory budget: `fixed` (attention, norms, head; embeddings and
// predictors where the plan has a use for them), and `ffn`, of which stays what the plan keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/kernels/kernels.h"
#include "engine/model/config.h"
#include "engine/model/embedding.h"
#include "engine/neuron/ffn_weights.h"
#include "engine/neuron/plan.h"
#include "engine/neuron/predictor.h"

namespace hearth {

// A matrix and what is added to its product; both are views into an arena.
struct Linear {
    MatrixView weight;            // (rows, cols)
    const float* bias = nullptr;  // (rows), or none
};

struct LayerWeights {
    const float* attention_norm = nullptr;  // (d_model)
    Linear q;                               // (n_heads * head_dim, d_model)
    Linear k;                               // (n_kv_heads * head_dim, d_model)
    Linear v;                               // (n_kv_heads * head_dim, d_model)
    Linear attention_output;                // (d_model, n_heads * head_dim)
    const float* q_norm = nullptr;          // (head_dim) or (n_heads * head_dim), see QkNorm
    const float* k_norm = nullptr;
    const float* ffn_norm = nullptr;  // (d_model)
    MatrixView router;                // (n_experts, d_model), mixtures only
    std::vector<FfnWeights> ffn;      // one, or n_experts
    Predictor predictor;              // of the one FFN, where the file has it
};

struct Weights {
    Embedding embedding;                  // (n_vocab, d_model)
    std::vector<LayerWeights> layers;     // n_layers
    const float* output_norm = nullptr;   // (d_model)
    MatrixView output;                    // (n_vocab, d_model); the embedding when tied
    const float* rope_factors = nullptr;  // (n_rot / 2): divides each frequency; or none
    size_t max_predictor_rank = 0;        // 0: no predictors
    uint64_t fixed_bytes = 0;
    uint64_t ffn_bytes = 0;       // of FFN matrices in memory
    uint64_t streamed_bytes = 0;  // of those that are not

    // Weight bytes that one dense decode step reads: all but the embedding; of a mixture, the
    // experts used.
    uint64_t bytes_per_token(const ModelConfig& config) const;

    AlignedBuffer<std::byte> fixed_arena;
    AlignedBuffer<std::byte> ffn_arena;
    AlignedBuffer<std::byte> predictor_arena;  // of predictors that are not the file's own
};

// Called with bytes read and bytes in all; false stops loading (ErrorCode::cancelled).
using LoadProgress = std::function<bool(uint64_t done, uint64_t total)>;

// What a model's weights need, known before any of them is read.
struct WeightSizes {
    uint64_t fixed_bytes = 0;
    uint64_t predictor_bytes = 0;  // of these, what only predicted mode needs
    uint64_t embedding_bytes = 0;  // of these, what can stay in the file; 0: it is the head, too
    uint64_t gate_bytes = 0;       // of all FFNs
    uint64_t up_down_bytes = 0;    // of all FFNs
    size_t n_ffns = 0;             // layers times experts
    size_t max_row_bytes = 0;      // the longest row of an FFN matrix
    uint64_t max_matrix_bytes = 0;
    size_t max_predictor_rank = 0;
    bool down_is_transposed = false;

    uint64_t ffn_bytes() const { return gate_bytes + up_down_bytes; }
};
Result<WeightSizes> measure_weights(const Gguf& gguf, const ModelConfig& config);

// Finds every tensor the configuration needs, checks shapes and types, then reads what the plan
// keeps in memory. FFN matrices that it streams are views without data.
Result<Weights> load_weights(const Gguf& gguf, const ModelConfig& config, const Plan& plan,
                             const LoadProgress& on_progress);

}  // namespace hearth
