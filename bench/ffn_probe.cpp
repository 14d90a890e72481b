#include "bench/ffn_probe.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "engine/base/check.h"
#include "engine/model/attention.h"
#include "engine/model/ffn.h"
#include "engine/model/moe.h"

namespace hearth::bench {

struct FfnProbe::State {
    State(const Model& m, size_t n_ctx, size_t n_threads)
        : model(m),
          pool(n_threads),
          cache(m.config(), n_ctx),
          a(m.config(), m.weights().max_predictor_rank, m.kernels(), n_ctx, n_threads),
          rope(m.config().rope, m.weights().rope_factors),
          compute{m.kernels(), pool, stop, a.scratch.data(), a.scratch_per_worker} {}

    void normalize(const float* weight) {
        model.kernels().rms_norm(a.residual.data(), weight, model.config().rms_eps, a.normed.data(),
                                 model.config().d_model);
    }
    void add_to_residual() {
        model.kernels().add(a.block_output.data(), a.residual.data(), model.config().d_model);
    }

    // a.normed -> a.block_output, with a visit to each FFN that has a part in it.
    void feed(size_t layer, const Visit& visit) {
        const ModelConfig& config = model.config();
        const LayerWeights& weights = model.weights().layers[layer];
        const auto run = [&](size_t expert, float* out) {
            // All weights are in memory: nothing can fail.
            HEARTH_CHECK(feed_forward(compute, config, weights.ffn[expert], nullptr,
                                      a.normed.data(), 1, out, a));
            visit({position, layer, expert, a.residual.span().first(config.d_model),
                   a.normed.span().first(config.d_model), a.gate.span().first(config.d_ff)});
        };
        if (config.n_experts == 0) return run(0, a.block_output.data());
        if (!config.routes_before_attention()) {
            route(compute, config, weights.router, a.normed.data(), 1, a);
        }
        std::fill_n(a.block_output.data(), config.d_model, 0.0F);
        for (const Route& r : a.routes) {
            run(r.expert, a.expert_output.data());
            model.kernels().axpy(r.weight, a.expert_output.data(), a.block_output.data(),
                                 config.d_model);
        }
    }

    const Model& model;
    std::atomic<bool> stop{false};
    ThreadPool pool;
    KvCache cache;
    Activations a;
    Rope rope;
    Compute compute;
    size_t position = 0;
};

FfnProbe::FfnProbe(const Model& model, size_t n_ctx, size_t n_threads)
    : state_(std::make_unique<State>(model, n_ctx, n_threads)) {}
FfnProbe::~FfnProbe() = default;

const Compute& FfnProbe::compute() const {
    return state_->compute;
}

Token FfnProbe::step(Token token, const Visit& visit) {
    State& s = *state_;
    const ModelConfig& config = s.model.config();
    const Weights& weights = s.model.weights();
    s.model.kernels().dequantize_row(weights.embedding.dtype,
                                     weights.embedding.row(to_index(token)), s.a.residual.data(),
                                     config.d_model);
    s.rope.angles(s.position, 1, s.a.rope_cos.data(), s.a.rope_sin.data());
    for (size_t i = 0; i < config.n_layers; ++i) {
        const LayerWeights& layer = weights.layers[i];
        if (config.routes_before_attention()) {
            route(s.compute, config, layer.router, s.a.residual.data(), 1, s.a);
        }
        s.normalize(layer.attention_norm);
        attend(s.compute, config, layer, s.rope, i, {s.position, 1}, s.cache, s.a);
        s.add_to_residual();
        s.normalize(layer.ffn_norm);
        s.feed(i, visit);
        s.add_to_residual();
    }
    ++s.position;
    s.normalize(weights.output_norm);
    const std::array output{Product{weights.output, nullptr, s.a.logits.data(), config.n_vocab}};
    multiply(s.compute,
             prepare_input(s.compute, s.a.normed.data(), 1, config.d_model, output, s.a.quantized),
             output);
    const auto logits = s.a.logits.span().first(config.n_vocab);
    const auto best = std::max_element(logits.begin(), logits.end());
    return Token{static_cast<uint32_t>(best - logits.begin())};
}

}  // namespace hearth::bench
