// Dense decode over a mapping: what a program does that leaves memory to the page cache.
#include <algorithm>
#include <array>

#include "bench/offload/contestant.h"
#include "bench/offload/file_weights.h"
#include "planner/token_runner.h"

namespace hearth::bench {

namespace {

// Rows of down that one worker adds up at a time: a stretch of file, read in order.
constexpr size_t kDownRows = 512;

class Mapped final : public Contestant {
  public:
    Mapped(std::unique_ptr<FileWeights> weights, const KernelTable& kernels,
           const Workload& workload)
        : weights_(std::move(weights)),
          runner_(weights_->config(), weights_->weights(), kernels, workload.n_ctx(),
                  workload.n_threads),
          rows_(weights_->config().d_ff),
          partial_(n_parts() * weights_->config().d_model) {
        for (size_t i = 0; i < rows_.size(); ++i) rows_[i] = static_cast<uint32_t>(i);
    }

    Result<Token> step(Token token) override {
        return runner_.step(token, [this](size_t layer, Activations& a) {
            feed(weights_->weights().layers[layer].ffn.front(), a);
            return Result<void>();
        });
    }

    Counters counters() const override { return {}; }
    size_t n_vocab() const override { return weights_->config().n_vocab; }

  private:
    size_t n_parts() const { return (weights_->config().d_ff + kDownRows - 1) / kDownRows; }

    // All of gate, up and down, whatever fires.
    void feed(const FfnWeights& ffn, Activations& a) {
        const Compute& compute = runner_.compute();
        const ModelConfig& config = weights_->config();
        const std::array gate_up{Product{ffn.gate, nullptr, a.gate.data(), config.d_ff},
                                 Product{ffn.up, nullptr, a.up.data(), config.d_ff}};
        multiply(compute,
                 prepare_input(compute, a.normed.data(), 1, config.d_model, gate_up, a.quantized),
                 gate_up);
        const auto activate = config.activation == FfnActivation::drelu ? compute.kernels.drelu_mul
                                                                        : compute.kernels.relu_mul;
        activate(a.gate.data(), a.up.data(), a.gate.data(), config.d_ff);
        std::fill_n(partial_.data(), partial_.size(), 0.0F);
        compute.pool.parallel_for(config.d_ff, kDownRows, [&](size_t begin, size_t end, size_t) {
            compute.kernels.accumulate_rows(ffn.down, rows_.data() + begin, a.gate.data() + begin,
                                            end - begin,
                                            partial_.data() + begin / kDownRows * config.d_model);
        });
        std::fill_n(a.block_output.data(), config.d_model, 0.0F);
        for (size_t part = 0; part < n_parts(); ++part) {
            compute.kernels.add(partial_.data() + part * config.d_model, a.block_output.data(),
                                config.d_model);
        }
    }

    std::unique_ptr<FileWeights> weights_;
    TokenRunner runner_;
    std::vector<uint32_t> rows_;    // 0, 1, ... d_ff - 1
    AlignedBuffer<float> partial_;  // (n_parts, d_model)
};

}  // namespace

Result<std::unique_ptr<Contestant>> open_mapped(const Workload& workload) {
    HEARTH_TRY(const KernelTable* const kernels, choose_kernels(""));
    HEARTH_TRY(auto weights, FileWeights::open(workload.model, FileWeights::Holding::mapped));
    return std::make_unique<Mapped>(std::move(weights), *kernels, workload);
}

}  // namespace hearth::bench
