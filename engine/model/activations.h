// Activations: all scratch of one forward pass, allocated once per session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/quantize.h"
#include "engine/model/config.h"
#include "engine/neuron/firing.h"
#include "engine/neuron/sparse_batch.h"
#include "engine/neuron/sparse_ffn.h"

namespace hearth {

// Tokens that one pass of prefill takes at most: enough to pay for unpacking a weight tile once per
// pass, small enough for the buffers below to stay near the cores.
inline constexpr size_t kMaxBatch = 256;

// An expert chosen for a token, and its share of the output.
struct Route {
    uint32_t expert = 0;
    float weight = 0.0F;
};

// A token that an expert works for.
struct ExpertToken {
    uint32_t token = 0;
    float weight = 0.0F;
};

// B = kMaxBatch (or the context, if that is shorter). Row strides are the row lengths.
struct Activations {
    Activations(const ModelConfig& config, size_t max_predictor_rank, const KernelTable& kernels,
                size_t n_ctx, size_t n_workers);

    // What all of it takes when the batch is full and one position gets logits.
    uint64_t bytes() const;
    // Of these, what only batches of more than n tokens touch; and gives that memory back to the
    // system until it is touched again.
    uint64_t bytes_behind(size_t n_tokens) const;
    void release_behind(size_t n_tokens);

    size_t max_batch;
    AlignedBuffer<float> residual;  // (B, d_model) the residual stream
    AlignedBuffer<float> normed;    // (B, d_model) input of attention and FFN
    AlignedBuffer<float> q;         // (B, n_heads * head_dim)
    AlignedBuffer<float> k;         // (B, n_kv_heads * head_dim)
    AlignedBuffer<float> v;         // (B, n_kv_heads * head_dim)
    AlignedBuffer<float> mixed;     // (B, n_heads * head_dim) attention before its output matrix
    AlignedBuffer<float> gate;      // (B, d_ff), then the activation
    AlignedBuffer<float> up;        // (B, d_ff)
    AlignedBuffer<float> block_output;  // (B, d_model) what is added to the residual
    AlignedBuffer<float> rope_cos;      // (B, n_rot / 2)
    AlignedBuffer<float> rope_sin;      // (B, n_rot / 2)
    AlignedBuffer<float> logits;        // (B, n_vocab) when scoring, (1, n_vocab) otherwise
    Q8Rows quantized;                   // (B, the longest input row)

    // ReLU models only; empty otherwise.
    SparseScratch sparse;
    BatchScratch batch;  // of min(B, kSparseBatch) tokens
    FiringReporter firing;
    std::vector<uint32_t> fired;  // scratch of the reporter
    // Mixtures only; empty otherwise.
    AlignedBuffer<float> router_logits;      // (B, n_experts)
    AlignedBuffer<float> expert_input;       // (B, d_model) the tokens of one expert
    AlignedBuffer<float> expert_output;      // (B, d_model)
    std::vector<Route> routes;               // (B, n_experts_used)
    std::vector<ExpertToken> expert_tokens;  // (B)
    std::vector<uint32_t> expert_order;      // (n_experts)

    size_t scores_per_worker;          // floats
    AlignedBuffer<float> scores;       // (n_workers, scores_per_worker) attention weights
    size_t scratch_per_worker;         // bytes
    AlignedBuffer<std::byte> scratch;  // (n_workers, scratch_per_worker) for KernelTable::matmul
};

}  // namespace hearth
