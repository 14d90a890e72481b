#include "engine/model/transformer.h"

#include <array>

#include "engine/base/check.h"

namespace hearth {

namespace {

constexpr size_t kTokenGrain = 4;

Result<void> embed(const Compute& compute, const Weights& weights, std::span<const Token> tokens,
                   Activations& a) {
    const size_t d = weights.embedding.table.cols;
    for (size_t t = 0; t < tokens.size(); ++t) {
        HEARTH_TRY_VOID(
            weights.embedding.read(compute.kernels, tokens[t], a.residual.data() + t * d));
    }
    return {};
}

// out = norm(x) * weight for rows [0, n).
void normalize(const Compute& compute, const ModelConfig& config, const float* x,
               const float* weight, float* out, size_t n) {
    const size_t d = config.d_model;
    compute.pool.parallel_for(n, kTokenGrain, [&](size_t begin, size_t end, size_t) {
        for (size_t t = begin; t < end; ++t) {
            compute.kernels.rms_norm(x + t * d, weight, config.rms_eps, out + t * d, d);
        }
    });
}

void add_to_residual(const Compute& compute, const ModelConfig& config, size_t n, Activations& a) {
    const size_t d = config.d_model;
    compute.pool.parallel_for(n, kTokenGrain, [&](size_t begin, size_t end, size_t) {
        compute.kernels.add(a.block_output.data() + begin * d, a.residual.data() + begin * d,
                            (end - begin) * d);
    });
}

// Logits of the residual rows [begin, begin + n).
void compute_logits(const Compute& compute, const ModelConfig& config, const Weights& weights,
                    size_t begin, size_t n, Activations& a) {
    normalize(compute, config, a.residual.data() + begin * config.d_model, weights.output_norm,
              a.normed.data(), n);
    const std::array output{Product{weights.output, nullptr, a.logits.data(), config.n_vocab}};
    multiply(compute,
             prepare_input(compute, a.normed.data(), n, config.d_model, output, a.quantized),
             output);
}

// The attention of a layer, and the input of its FFN: a.residual -> a.residual, a.normed.
void attention_block(const Compute& compute, const ModelConfig& config, const LayerWeights& layer,
                     const Rope& rope, size_t i, const Batch& batch, KvCache& cache,
                     Activations& a) {
    const TraceScope trace(compute.trace, TraceKind::attention);
    if (config.routes_before_attention()) {
        route(compute, config, layer.router, a.residual.data(), batch.n, a);
    }
    normalize(compute, config, a.residual.data(), layer.attention_norm, a.normed.data(), batch.n);
    attend(compute, config, layer, rope, i, batch, cache, a);
    add_to_residual(compute, config, batch.n, a);
    normalize(compute, config, a.residual.data(), layer.ffn_norm, a.normed.data(), batch.n);
}

// What the FFNs of a pass stream, and read-ahead into the next pass. Of a mixture nobody knows
// before its router has spoken.
Result<void> enqueue_pass(const ModelConfig& config, const Weights& weights, const FfnRun& run,
                          size_t n) {
    if (run.rows == nullptr || config.n_experts > 0) return {};
    const int n_missing =
        (run.rows->n_enqueued() == 0 ? 1 : 0) + (run.another_pass_follows ? 1 : 0);
    for (int pass = 0; pass < n_missing; ++pass) {
        for (const LayerWeights& layer : weights.layers) {
            const FfnWeights& ffn = layer.ffn.front();
            if (!go_by_neurons(run, n) || !can_run_sparse(config, ffn, layer.predictor, run)) {
                HEARTH_TRY_VOID(enqueue_streamed(ffn, *run.rows));
            } else if (streams_gate(ffn, run)) {
                HEARTH_TRY_VOID(run.rows->enqueue(ffn.gate, ffn.gate_place));
            }
        }
    }
    return {};
}

// The FFN of a layer, whichever kind it is: a.normed -> a.block_output.
Result<NeuronCount> ffn_block(const Compute& compute, const ModelConfig& config,
                              const Weights& weights, size_t i, size_t n, const FfnRun& run,
                              Activations& a) {
    const LayerWeights& layer = weights.layers[i];
    const float* const x = a.normed.data();
    float* const out = a.block_output.data();
    if (config.n_experts > 0) {
        if (!config.routes_before_attention()) route(compute, config, layer.router, x, n, a);
        return feed_forward_experts(compute, config, i, layer.ffn, run, x, n, out, a);
    }
    const FfnWeights& ffn = layer.ffn.front();
    const bool by_neurons =
        go_by_neurons(run, n) && can_run_sparse(config, ffn, layer.predictor, run);
    if (by_neurons && n == 1) {
        return feed_forward_sparse(compute, config, {i, 0}, ffn, layer.predictor, run, out, a);
    }
    const TraceScope trace(compute.trace, TraceKind::ffn);
    if (by_neurons) {
        return feed_forward_batch(compute, config, {i, 0}, ffn, layer.predictor, run, x, n, out, a);
    }
    return feed_forward(compute, config, ffn, run.rows, x, n, out, a);
}

}  // namespace

Result<NeuronCount> forward(const Compute& compute, const ModelConfig& config,
                            const Weights& weights, const Rope& rope, std::span<const Token> tokens,
                            size_t first, Logits logits, const FfnRun& run, KvCache& cache,
                            Activations& a) {
    const Batch batch{first, tokens.size()};
    HEARTH_CHECK(batch.n >= 1 && batch.n <= a.max_batch && first + batch.n <= cache.n_ctx());
    NeuronCount neurons;
    HEARTH_TRY_VOID(enqueue_pass(config, weights, run, batch.n));
    HEARTH_TRY_VOID(embed(compute, weights, tokens, a));
    rope.angles(first, batch.n, a.rope_cos.data(), a.rope_sin.data());
    for (size_t i = 0; i < config.n_layers && !compute.stopped(); ++i) {
        if (compute.trace != nullptr) compute.trace->set_layer(i);
        attention_block(compute, config, weights.layers[i], rope, i, batch, cache, a);
        if (run.looks_ahead && i + 1 < config.n_layers) {
            run.neurons->look_ahead(compute, i + 1, 0, weights.layers[i + 1].predictor,
                                    a.residual.data());
        }
        a.firing.begin_layer(i, first);
        HEARTH_TRY(const NeuronCount count,
                   ffn_block(compute, config, weights, i, batch.n, run, a));
        neurons += count;
        add_to_residual(compute, config, batch.n, a);
    }
    const TraceScope trace(compute.trace, TraceKind::head);
    switch (logits) {
        case Logits::none:
            break;
        case Logits::last:
            compute_logits(compute, config, weights, batch.n - 1, 1, a);
            break;
        case Logits::all:
            compute_logits(compute, config, weights, 0, batch.n, a);
            break;
    }
    return neurons;
}

}  // namespace hearth
