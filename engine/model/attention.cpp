#include "engine/model/attention.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hearth {

namespace {

// Cached positions that are visited together, so that they stay in the L1/L2 cache for all queries
// of a tile: 128 x 128 x 2 bytes = 32 KiB.
constexpr size_t kPositionTile = 128;

// Query positions one worker takes at most for one KV head.
constexpr size_t kQueryTile = 32;

void normalize_heads(const KernelTable& kernels, const ModelConfig& config, const float* weight,
                     float* x, size_t n_heads) {
    if (weight == nullptr) return;
    const size_t n =
        config.qk_norm == QkNorm::per_row ? n_heads * config.head_dim : config.head_dim;
    for (size_t at = 0; at < n_heads * config.head_dim; at += n) {
        kernels.rms_norm(x + at, weight, config.rms_eps, x + at, n);
    }
}

void rotate_and_store(const Compute& compute, const ModelConfig& config,
                      const LayerWeights& weights, const Rope& rope, size_t layer,
                      const Batch& batch, KvCache& cache, Activations& a) {
    const size_t head_dim = config.head_dim;
    compute.pool.parallel_for(batch.n, 4, [&](size_t begin, size_t end, size_t) {
        for (size_t t = begin; t < end; ++t) {
            const float* const cos = a.rope_cos.data() + t * rope.n_pairs();
            const float* const sin = a.rope_sin.data() + t * rope.n_pairs();
            float* const k = a.k.data() + t * config.kv_dim();
            const float* const v = a.v.data() + t * config.kv_dim();
            float* const q = a.q.data() + t * config.q_dim();
            normalize_heads(compute.kernels, config, weights.q_norm, q, config.n_heads);
            normalize_heads(compute.kernels, config, weights.k_norm, k, config.n_kv_heads);
            if (config.rotates(layer)) {
                rope.rotate(q, config.n_heads, head_dim, cos, sin);
                rope.rotate(k, config.n_kv_heads, head_dim, cos, sin);
            }
            const size_t place = (batch.first + t) * head_dim;
            for (size_t h = 0; h < config.n_kv_heads; ++h) {
                compute.kernels.to_f16(k + h * head_dim, cache.keys(layer, h) + place, head_dim);
                compute.kernels.to_f16(v + h * head_dim, cache.values(layer, h) + place, head_dim);
            }
        }
    });
}

// The heads that share one KV head, for the query positions [begin, end) of the batch. `scores` has
// room for (end - begin, heads_per_kv, first + end) floats.
void attend_tile(const Compute& compute, const ModelConfig& config, size_t layer, size_t kv_head,
                 const Batch& batch, size_t begin, size_t end, KvCache& cache, Activations& a,
                 float* scores) {
    const KernelTable& kernels = compute.kernels;
    const size_t head_dim = config.head_dim;
    const size_t n_q = config.heads_per_kv();
    const size_t n_pos = batch.first + end;  // row length of scores; causality cuts it per token
    const float scale = 1.0F / std::sqrt(static_cast<float>(head_dim));
    const uint16_t* const keys = cache.keys(layer, kv_head);
    const uint16_t* const values = cache.values(layer, kv_head);
    const auto head_offset = [&](size_t t) {
        return t * config.q_dim() + kv_head * n_q * head_dim;
    };
    const auto row = [&](size_t t) { return scores + (t - begin) * n_q * n_pos; };

    for (size_t p = 0; p < n_pos; p += kPositionTile) {
        for (size_t t = begin; t < end; ++t) {
            const size_t visible = batch.first + t + 1;
            if (p >= visible) continue;
            kernels.scores_f16(a.q.data() + head_offset(t), head_dim, n_q, keys + p * head_dim,
                               head_dim, std::min(kPositionTile, visible - p), head_dim, scale,
                               row(t) + p, n_pos);
        }
    }
    for (size_t t = begin; t < end; ++t) {
        for (size_t h = 0; h < n_q; ++h) {
            kernels.softmax(row(t) + h * n_pos, batch.first + t + 1);
        }
        std::fill_n(a.mixed.data() + head_offset(t), n_q * head_dim, 0.0F);
    }
    for (size_t p = 0; p < n_pos; p += kPositionTile) {
        for (size_t t = begin; t < end; ++t) {
            const size_t visible = batch.first + t + 1;
            if (p >= visible) continue;
            kernels.mix_f16(row(t) + p, n_pos, n_q, values + p * head_dim, head_dim,
                            std::min(kPositionTile, visible - p), head_dim,
                            a.mixed.data() + head_offset(t), head_dim);
        }
    }
}

void mix_values(const Compute& compute, const ModelConfig& config, size_t layer, const Batch& batch,
                KvCache& cache, Activations& a) {
    const size_t scores_per_token = config.heads_per_kv() * (batch.first + batch.n);
    const size_t tile = std::clamp(a.scores_per_worker / scores_per_token, size_t{1}, kQueryTile);
    const size_t n_tiles = (batch.n + tile - 1) / tile;
    // Late tiles see more positions: hand them out first.
    compute.pool.parallel_for(config.n_kv_heads * n_tiles, 1, [&](size_t i, size_t, size_t worker) {
        if (compute.stopped()) return;
        const size_t begin = (n_tiles - 1 - i / config.n_kv_heads) * tile;
        attend_tile(compute, config, layer, i % config.n_kv_heads, batch, begin,
                    std::min(batch.n, begin + tile), cache, a,
                    a.scores.data() + worker * a.scores_per_worker);
    });
}

}  // namespace

void attend(const Compute& compute, const ModelConfig& config, const LayerWeights& weights,
            const Rope& rope, size_t layer, const Batch& batch, KvCache& cache, Activations& a) {
    const std::array qkv{
        Product{weights.q.weight, weights.q.bias, a.q.data(), config.q_dim()},
        Product{weights.k.weight, weights.k.bias, a.k.data(), config.kv_dim()},
        Product{weights.v.weight, weights.v.bias, a.v.data(), config.kv_dim()},
    };
    multiply(compute,
             prepare_input(compute, a.normed.data(), batch.n, config.d_model, qkv, a.quantized),
             qkv);
    rotate_and_store(compute, config, weights, rope, layer, batch, cache, a);
    mix_values(compute, config, layer, batch, cache, a);
    const std::array output{Product{weights.attention_output.weight, weights.attention_output.bias,
                                    a.block_output.data(), config.d_model}};
    multiply(compute,
             prepare_input(compute, a.mixed.data(), batch.n, config.q_dim(), output, a.quantized),
             output);
}

}  // namespace hearth
