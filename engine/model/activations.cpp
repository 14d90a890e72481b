#include "engine/model/activations.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace hearth {

namespace {

// Attention weights that one worker keeps: a tile of queries against the whole context, about this
// many floats (1 MiB, half of a core's L2 cache), and always room for one query position.
constexpr size_t kScoresPerWorker = size_t{256} << 10;

size_t largest_scratch(const KernelTable& kernels, const ModelConfig& config) {
    size_t bytes = config.d_model * sizeof(float);  // a row of a transposed down matrix as floats
    for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::q4_0, Dtype::q5_0,
                              Dtype::q8_0, Dtype::q4_k, Dtype::q5_k, Dtype::q6_k}) {
        for (const size_t cols : {config.d_model, config.q_dim(), config.d_ff}) {
            if (cols % traits(dtype).block_elements != 0) continue;
            bytes = std::max(bytes, kernels.matmul_scratch_bytes(dtype, cols));
        }
    }
    return round_up(bytes, kCacheLine);
}

// The buffers with a row for each token of a batch.
template <typename A>
auto rows_of_tokens(A& a) {
    return std::array{&a.residual,
                      &a.normed,
                      &a.q,
                      &a.k,
                      &a.v,
                      &a.mixed,
                      &a.gate,
                      &a.up,
                      &a.block_output,
                      &a.rope_cos,
                      &a.rope_sin,
                      &a.router_logits,
                      &a.expert_input,
                      &a.expert_output};
}

}  // namespace

Activations::Activations(const ModelConfig& config, size_t max_predictor_rank,
                         const KernelTable& kernels, size_t n_ctx, size_t n_workers)
    : max_batch(std::min(kMaxBatch, n_ctx)),
      residual(max_batch * config.d_model),
      normed(max_batch * config.d_model),
      q(max_batch * config.q_dim()),
      k(max_batch * config.kv_dim()),
      v(max_batch * config.kv_dim()),
      mixed(max_batch * config.q_dim()),
      gate(max_batch * config.d_ff),
      up(max_batch * config.d_ff),
      block_output(max_batch * config.d_model),
      rope_cos(max_batch * config.rope.n_rot / 2),
      rope_sin(max_batch * config.rope.n_rot / 2),
      logits(max_batch * config.n_vocab),
      quantized(max_batch,
                round_up(std::max({config.d_model, config.q_dim(), config.d_ff}), kQ8Block)),
      sparse(config.is_sparse() ? SparseScratch(config.d_model, config.d_ff, max_predictor_rank)
                                : SparseScratch()),
      batch(config.is_sparse() ? BatchScratch(std::min(kSparseBatch, max_batch), config.d_model,
                                              config.d_ff, max_predictor_rank)
                               : BatchScratch()),
      router_logits(max_batch * config.n_experts),
      expert_input(config.n_experts > 0 ? max_batch * config.d_model : 0),
      expert_output(config.n_experts > 0 ? max_batch * config.d_model : 0),
      routes(max_batch * config.n_experts_used),
      expert_tokens(config.n_experts > 0 ? max_batch : 0),
      expert_order(config.n_experts),
      scores_per_worker(std::max(kScoresPerWorker, config.heads_per_kv() * n_ctx)),
      scores(n_workers * scores_per_worker),
      scratch_per_worker(largest_scratch(kernels, config)),
      scratch(n_workers * scratch_per_worker) {}

uint64_t Activations::bytes() const {
    uint64_t bytes = quantized.bytes() + batch.bytes() + scratch.size() +
                     sizeof(float) * logits.size() / max_batch;
    for (const auto* buffer : rows_of_tokens(*this)) bytes += sizeof(float) * buffer->size();
    for (const auto* buffer : {&scores, &sparse.gate, &sparse.partial}) {
        bytes += sizeof(float) * buffer->size();
    }
    return bytes;
}

uint64_t Activations::bytes_behind(size_t n_tokens) const {
    uint64_t bytes = 0;
    for (const auto* buffer : rows_of_tokens(*this)) {
        bytes += buffer->droppable(std::min(n_tokens, max_batch) * buffer->size() / max_batch);
    }
    return bytes;
}

void Activations::release_behind(size_t n_tokens) {
    for (auto* buffer : rows_of_tokens(*this)) {
        buffer->drop_behind(std::min(n_tokens, max_batch) * buffer->size() / max_batch);
    }
    logits.drop_behind(logits.size() / max_batch);  // all of them were for scores
}

}  // namespace hearth
