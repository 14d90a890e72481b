#include "bench/ffn_probe.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/model/ffn.h"
#include "engine/model/moe.h"

namespace hearth::bench {

FfnProbe::FfnProbe(const Model& model, size_t n_ctx, size_t n_threads)
    : model_(model), runner_(model.config(), model.weights(), model.kernels(), n_ctx, n_threads) {}

// a.normed -> a.block_output, with a visit to each FFN that has a part in it.
void FfnProbe::feed(size_t layer, Activations& a, const Visit& visit) {
    const ModelConfig& config = model_.config();
    const LayerWeights& weights = model_.weights().layers[layer];
    const auto run = [&](size_t expert, float* out) {
        HEARTH_CHECK(feed_forward(compute(), config, weights.ffn[expert], nullptr, a.normed.data(),
                                  1, out, a));
        visit({runner_.position(), layer, expert, a.residual.span().first(config.d_model),
               a.normed.span().first(config.d_model), a.gate.span().first(config.d_ff)});
    };
    if (config.n_experts == 0) return run(0, a.block_output.data());
    if (!config.routes_before_attention()) {
        route(compute(), config, weights.router, a.normed.data(), 1, a);
    }
    std::fill_n(a.block_output.data(), config.d_model, 0.0F);
    for (const Route& r : std::span(a.routes).first(config.n_experts_used)) {
        run(r.expert, a.expert_output.data());
        model_.kernels().axpy(r.weight, a.expert_output.data(), a.block_output.data(),
                              config.d_model);
    }
}

Token FfnProbe::step(Token token, const Visit& visit) {
    const auto next = runner_.step(token, [&](size_t layer, Activations& a) {
        feed(layer, a, visit);
        return Result<void>();
    });
    HEARTH_CHECK(next);
    return *next;
}

}  // namespace hearth::bench
