#include "engine/model/ffn.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace hearth {

namespace {

using Activation = void (*)(const float* gate, const float* up, float* out, size_t n);

Activation activation_kernel(const KernelTable& kernels, FfnActivation activation) {
    switch (activation) {
        case FfnActivation::silu:
            return kernels.silu_mul;
        case FfnActivation::gelu:
            return kernels.gelu_mul;
        case FfnActivation::relu:
            return kernels.relu_mul;
        case FfnActivation::drelu:
            return kernels.drelu_mul;
    }
    return nullptr;
}

// a.gate = act(a.gate) * a.up for all tokens.
void activate(const Compute& compute, const ModelConfig& config, size_t n_tokens, Activations& a) {
    const Activation act = activation_kernel(compute.kernels, config.activation);
    const size_t d_ff = config.d_ff;
    compute.pool.parallel_for(n_tokens, 4, [&](size_t begin, size_t end, size_t) {
        act(a.gate.data() + begin * d_ff, a.up.data() + begin * d_ff, a.gate.data() + begin * d_ff,
            (end - begin) * d_ff);
    });
}

// Columns of a transposed down matrix that one worker sums: whole blocks of every type.
constexpr size_t kColumnSlice = 256;

// out = a.gate x down for down (d_ff, d_model): the sum of the active neurons' rows.
// Each worker owns a slice of columns and visits the neurons in order, so the sum's order is fixed;
// a row of which no token needs anything is not touched.
void multiply_transposed_down(const Compute& compute, const ModelConfig& config,
                              const MatrixView& down, size_t n_tokens, float* out,
                              const Activations& a) {
    const KernelTable& kernels = compute.kernels;
    const size_t block = traits(down.dtype).block_elements;
    const size_t d_model = config.d_model;
    std::fill_n(out, n_tokens * d_model, 0.0F);
    compute.pool.parallel_for(d_model, kColumnSlice, [&](size_t begin, size_t end, size_t worker) {
        auto* const row =
            reinterpret_cast<float*>(compute.scratch + worker * compute.scratch_per_worker);
        const size_t offset = begin / block * traits(down.dtype).block_bytes;
        for (size_t i = 0; i < config.d_ff && !compute.stopped(); ++i) {
            bool unpacked = false;
            for (size_t t = 0; t < n_tokens; ++t) {
                const float activation = a.gate[t * config.d_ff + i];
                if (activation == 0.0F) continue;
                if (!unpacked)
                    kernels.dequantize_row(down.dtype, down.row(i) + offset, row, end - begin);
                unpacked = true;
                kernels.axpy(activation, row, out + t * d_model + begin, end - begin);
            }
        }
    });
}

NeuronCount count_active(const Compute& compute, const ModelConfig& config, size_t n_tokens,
                         const Activations& a) {
    if (!config.is_sparse()) return {};
    std::atomic<uint64_t> active{0};
    const size_t n = n_tokens * config.d_ff;
    compute.pool.parallel_for(n, size_t{1} << 16, [&](size_t begin, size_t end, size_t) {
        active += static_cast<uint64_t>(std::count_if(a.gate.data() + begin, a.gate.data() + end,
                                                      [](float x) { return x != 0.0F; }));
    });
    return {n, active.load()};
}

}  // namespace

NeuronCount feed_forward(const Compute& compute, const ModelConfig& config,
                         const FfnWeights& weights, const float* x, size_t n_tokens, float* out,
                         Activations& a) {
    const std::array gate_up{Product{weights.gate, nullptr, a.gate.data(), config.d_ff},
                             Product{weights.up, nullptr, a.up.data(), config.d_ff}};
    multiply(compute, prepare_input(compute, x, n_tokens, config.d_model, gate_up, a.quantized),
             gate_up);
    activate(compute, config, n_tokens, a);
    if (a.firing.has_listener()) a.firing.tell(a.gate.data(), n_tokens, config.d_ff);
    if (weights.down_is_transposed) {
        multiply_transposed_down(compute, config, weights.down, n_tokens, out, a);
    } else {
        const std::array down{Product{weights.down, nullptr, out, config.d_model}};
        multiply(compute,
                 prepare_input(compute, a.gate.data(), n_tokens, config.d_ff, down, a.quantized),
                 down);
    }
    return count_active(compute, config, n_tokens, a);
}

NeuronCount feed_forward_sparse(const Compute& compute, const ModelConfig& config,
                                const LayerWeights& weights, SparsityMode mode,
                                bool measures_recall, float* out, Activations& a) {
    const FfnWeights& ffn = weights.ffn.front();
    const std::array readers{Product{ffn.gate}, Product{ffn.up}};
    const SparseInput input{
        prepare_input(compute, a.normed.data(), 1, config.d_model, readers, a.quantized),
        a.residual.data(), measures_recall, a.firing.has_listener() ? &a.fired : nullptr};
    const NeuronCount count = sparse_feed_forward(compute, config.activation, ffn,
                                                  weights.predictor, mode, input, out, a.sparse);
    if (a.firing.has_listener()) a.firing.tell(a.fired);
    return count;
}

bool can_run_sparse(const ModelConfig& config, const LayerWeights& weights, SparsityMode mode) {
    if (mode == SparsityMode::dense || !config.is_sparse() || config.n_experts > 0) return false;
    if (!weights.ffn.front().down_is_transposed) return false;
    return mode == SparsityMode::exact || weights.predictor.is_present();
}

}  // namespace hearth
