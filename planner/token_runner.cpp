#include "planner/token_runner.h"

#include <algorithm>
#include <array>

#include "engine/model/attention.h"
#include "engine/model/moe.h"

namespace hearth {

TokenRunner::TokenRunner(const ModelConfig& config, const Weights& weights,
                         const KernelTable& kernels, size_t n_ctx, size_t n_threads)
    : config_(config),
      weights_(weights),
      pool_(n_threads),
      cache_(config, n_ctx),
      a_(config, weights.max_predictor_rank, kernels, n_ctx, n_threads),
      rope_(config.rope, weights.rope_factors),
      compute_{kernels, pool_, stop_, a_.scratch.data(), a_.scratch_per_worker} {}

void TokenRunner::normalize(const float* weight) {
    compute_.kernels.rms_norm(a_.residual.data(), weight, config_.rms_eps, a_.normed.data(),
                              config_.d_model);
}

Result<Token> TokenRunner::step(Token token, const Ffn& ffn) {
    const KernelTable& kernels = compute_.kernels;
    const size_t d_model = config_.d_model;
    HEARTH_TRY_VOID(weights_.embedding.read(kernels, token, a_.residual.data()));
    rope_.angles(position_, 1, a_.rope_cos.data(), a_.rope_sin.data());
    for (size_t i = 0; i < config_.n_layers; ++i) {
        const LayerWeights& layer = weights_.layers[i];
        if (config_.routes_before_attention()) {
            route(compute_, config_, layer.router, a_.residual.data(), 1, a_);
        }
        normalize(layer.attention_norm);
        attend(compute_, config_, layer, rope_, i, {position_, 1}, cache_, a_);
        kernels.add(a_.block_output.data(), a_.residual.data(), d_model);
        normalize(layer.ffn_norm);
        HEARTH_TRY_VOID(ffn(i, a_));
        kernels.add(a_.block_output.data(), a_.residual.data(), d_model);
    }
    ++position_;
    normalize(weights_.output_norm);
    return likeliest();
}

Token TokenRunner::likeliest() {
    const std::array output{Product{weights_.output, nullptr, a_.logits.data(), config_.n_vocab}};
    multiply(compute_,
             prepare_input(compute_, a_.normed.data(), 1, config_.d_model, output, a_.quantized),
             output);
    const auto logits = a_.logits.span().first(config_.n_vocab);
    return Token{
        static_cast<uint32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin())};
}

}  // namespace hearth
