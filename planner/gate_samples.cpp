#include "planner/gate_samples.h"

#include <array>

#include "engine/base/check.h"
#include "engine/model/config.h"
#include "engine/model/ffn.h"
#include "planner/token_runner.h"

namespace hearth {

GateSamples sample_ffn_inputs(const Model& model, std::span<const Token> tokens, size_t n_threads) {
    const ModelConfig& config = model.config();
    const Weights& weights = model.weights();
    TokenRunner runner(config, weights, model.kernels(), tokens.size(), n_threads);
    GateSamples samples{tokens.size(), std::vector<std::vector<float>>(config.n_layers)};
    const auto visit = [&](size_t layer, Activations& a) -> Result<void> {
        const auto normed = a.normed.span().first(config.d_model);
        samples.inputs[layer].insert(samples.inputs[layer].end(), normed.begin(), normed.end());
        HEARTH_TRY_VOID(feed_forward(runner.compute(), config, weights.layers[layer].ffn.front(),
                                     nullptr, a.normed.data(), 1, a.block_output.data(), a));
        return {};
    };
    // Nothing is read from disk, so nothing can fail.
    for (const Token token : tokens) HEARTH_CHECK(runner.step(token, visit));
    return samples;
}

std::vector<float> compute_gates(const Model& model, size_t layer, std::span<const float> inputs,
                                 ThreadPool& pool) {
    const MatrixView& gate = model.weights().layers[layer].ffn.front().gate;
    const KernelTable& kernels = model.kernels();
    const size_t n_tokens = inputs.size() / gate.cols;
    const size_t scratch_bytes =
        round_up(kernels.matmul_scratch_bytes(gate.dtype, gate.cols), kCacheLine);
    AlignedBuffer<std::byte> scratch(pool.n_threads() * scratch_bytes);
    const std::atomic<bool> never{false};
    const Compute compute{kernels, pool, never, scratch.data(), scratch_bytes};
    std::vector<float> out(n_tokens * gate.rows);
    Q8Rows quantized(n_tokens, gate.cols);
    const std::array product{Product{gate, nullptr, out.data(), gate.rows}};
    multiply(compute,
             prepare_input(compute, inputs.data(), n_tokens, gate.cols, product, quantized),
             product);
    return out;
}

}  // namespace hearth
