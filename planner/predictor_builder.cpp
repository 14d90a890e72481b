#include "planner/predictor_builder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "engine/base/printable.h"
#include "engine/gguf/gguf_writer.h"
#include "engine/kernels/crc32c.h"
#include "engine/kernels/quantize_weights.h"
#include "engine/model/config.h"
#include "engine/model/predictor_file.h"
#include "engine/model/weights.h"
#include "planner/gate_samples.h"
#include "planner/low_rank.h"

namespace hearth {

namespace {

constexpr size_t kMaxRank = 256;
constexpr size_t kRankStep = 32;  // a block of weights
constexpr float kTiny = 1e-12F;

// How much below zero a guess may be and its neuron still is proposed.
struct Margins {
    std::vector<float> of_neuron;  // (d_ff)
    double open = 0.0;             // gates, in the calibrating half
    double proposed = 0.0;
    double recalled = 0.0;
};

// The guesses of (n, d_ff) gates from their projections (n, rank).
std::vector<float> guess(const LowRank& low_rank, std::span<const float> hidden, ThreadPool& pool) {
    const size_t n_tokens = hidden.size() / low_rank.rank;
    std::vector<float> out(n_tokens * low_rank.n_neurons);
    pool.parallel_for(n_tokens, 4, [&](size_t begin, size_t end, size_t) {
        for (size_t t = begin; t < end; ++t) {
            float* const row = out.data() + t * low_rank.n_neurons;
            for (size_t k = 0; k < low_rank.rank; ++k) {
                const float h = hidden[t * low_rank.rank + k];
                const float* const direction = low_rank.directions.data() + k * low_rank.n_neurons;
                for (size_t i = 0; i < low_rank.n_neurons; ++i) row[i] += h * direction[i];
            }
        }
    });
    return out;
}

Margins calibrate(std::span<const float> gates, std::span<const float> guesses, size_t d_ff,
                  double recall) {
    Margins margins;
    const auto n_tokens = static_cast<double>(gates.size() / d_ff);
    std::vector<double> squares(d_ff);
    for (size_t i = 0; i < gates.size(); ++i) {
        const double error = guesses[i] - gates[i];
        squares[i % d_ff] += error * error;
    }
    std::vector<float> deviations;
    for (const double square : squares) {
        deviations.push_back(std::max(static_cast<float>(std::sqrt(square / n_tokens)), kTiny));
    }
    // The multiple of its deviation that each open gate would need to be proposed.
    std::vector<float> needed;
    for (size_t i = 0; i < gates.size(); ++i) {
        if (gates[i] > 0.0F) needed.push_back(-guesses[i] / deviations[i % d_ff]);
    }
    float z = 0.0F;
    if (!needed.empty()) {
        const auto at = needed.begin() +
                        static_cast<ptrdiff_t>(recall * static_cast<double>(needed.size() - 1));
        std::nth_element(needed.begin(), at, needed.end());
        z = *at;
    }
    for (const float deviation : deviations) margins.of_neuron.push_back(z * deviation);
    for (size_t i = 0; i < gates.size(); ++i) {
        const bool is_open = gates[i] > 0.0F;
        const bool is_proposed = guesses[i] >= -margins.of_neuron[i % d_ff];
        margins.open += is_open;
        margins.proposed += is_proposed;
        margins.recalled += is_open && is_proposed;
    }
    return margins;
}

// The predictor of one layer, growing.
class LayerBuilder {
  public:
    LayerBuilder(const Model& model, size_t layer, size_t rank, ThreadPool& pool)
        : model_(model),
          weights_(model.weights().layers[layer]),
          d_model_(model.config().d_model),
          d_ff_(model.config().d_ff),
          rank_(rank),
          pool_(pool) {}

    // From gates (n_tokens, d_ff): directions from the first half, margins from the second.
    Margins fit(std::span<const float> gates, double recall) {
        const size_t half = gates.size() / d_ff_ / 2 * d_ff_;
        low_rank_ = fit_low_rank(gates.first(half), d_ff_, rank_, pool_);
        const std::vector<float> hidden = project(low_rank_, gates.subspan(half), pool_);
        measure_hidden(hidden);
        const Margins margins =
            calibrate(gates.subspan(half), guess(low_rank_, hidden, pool_), d_ff_, recall);
        margins_ = margins.of_neuron;
        return margins;
    }

    std::vector<float> fc1() const {  // (rank, d_model)
        const MatrixView& gate = weights_.ffn.front().gate;
        std::vector<float> out(rank_ * d_model_);
        std::vector<float> row(d_model_);
        for (size_t i = 0; i < d_ff_; ++i) {
            model_.kernels().dequantize_row(gate.dtype, gate.row(i), row.data(), d_model_);
            pool_.parallel_for(rank_, 8, [&](size_t begin, size_t end, size_t) {
                for (size_t k = begin; k < end; ++k) {
                    model_.kernels().axpy(low_rank_.directions[k * d_ff_ + i] / deviations_[k],
                                          row.data(), out.data() + k * d_model_, d_model_);
                }
            });
        }
        for (size_t i = 0; i < out.size(); ++i) out[i] *= weights_.ffn_norm[i % d_model_];
        return out;
    }

    std::vector<float> fc2() const {  // (d_ff, rank)
        std::vector<float> out(d_ff_ * rank_);
        for (size_t i = 0; i < d_ff_; ++i) {
            for (size_t k = 0; k < rank_; ++k) {
                out[i * rank_ + k] = low_rank_.directions[k * d_ff_ + i] * deviations_[k];
            }
        }
        return out;
    }

    std::vector<float> margins() const {  // (d_ff)
        std::vector<float> out = margins_;
        for (float& margin : out) margin /= mean_sum_;
        return out;
    }

  private:
    // How large each number is, and the sum of their absolute values once each is scaled to 1.
    void measure_hidden(std::span<const float> hidden) {
        const size_t n_tokens = hidden.size() / rank_;
        std::vector<double> squares(rank_);
        for (size_t i = 0; i < hidden.size(); ++i) {
            squares[i % rank_] += static_cast<double>(hidden[i]) * hidden[i];
        }
        deviations_.clear();
        for (const double square : squares) {
            const double mean = square / static_cast<double>(n_tokens);
            deviations_.push_back(std::max(static_cast<float>(std::sqrt(mean)), kTiny));
        }
        double sum = 0.0;
        for (size_t i = 0; i < hidden.size(); ++i) {
            sum += std::abs(hidden[i]) / deviations_[i % rank_];
        }
        mean_sum_ = std::max(static_cast<float>(sum / static_cast<double>(n_tokens)), kTiny);
    }

    const Model& model_;
    const LayerWeights& weights_;
    size_t d_model_;
    size_t d_ff_;
    size_t rank_;
    ThreadPool& pool_;
    LowRank low_rank_;
    std::vector<float> deviations_;  // (rank)
    float mean_sum_ = 1.0F;
    std::vector<float> margins_;  // (d_ff)
};

struct NewTensor {
    std::string_view role;
    Dtype dtype;
    std::vector<uint64_t> dims;
    std::vector<float> values;
};

std::vector<std::byte> quantized(const NewTensor& tensor) {
    std::vector<std::byte> bytes(row_bytes(tensor.dtype, tensor.values.size()));
    quantize_weights(tensor.dtype, tensor.values, bytes.data());
    return bytes;
}

Result<size_t> choose_rank(const Model& model, size_t n_tokens, size_t wanted) {
    const ModelConfig& config = model.config();
    const std::string path = printable_path(model.gguf().path());
    if (!config.is_sparse() || config.n_experts > 0 || config.d_model % 32 != 0) {
        return make_error(ErrorCode::usage,
                          "{}: predictors are made for ReLU models without experts", path);
    }
    const size_t rank =
        wanted != 0 ? wanted
                    : std::clamp(config.d_model / 2 / kRankStep * kRankStep, kRankStep, kMaxRank);
    if (rank % kRankStep != 0 || rank > config.d_model || n_tokens < 4 * rank) {
        return make_error(
            ErrorCode::usage,
            "{}: rank {} with {} tokens (a multiple of {}, at most {}; four tokens for "
            "each)",
            path, rank, n_tokens, kRankStep, config.d_model);
    }
    return rank;
}

}  // namespace

Result<PredictorReport> make_predictors(const Model& model, std::span<const Token> tokens,
                                        const PredictorOptions& options) {
    PredictorReport report;
    HEARTH_TRY(report.rank, choose_rank(model, tokens.size(), options.rank));
    HEARTH_TRY(const ModelIdentity identity, identify_model(model.gguf()));
    const ModelConfig& config = model.config();
    GateSamples samples = sample_ffn_inputs(model, tokens, options.n_threads);
    ThreadPool pool(options.n_threads);
    GgufWriter writer;
    std::vector<uint32_t> crcs;
    Margins total;
    for (size_t layer = 0; layer < config.n_layers; ++layer) {
        if (options.on_progress && !options.on_progress(layer, config.n_layers)) {
            return make_error(ErrorCode::cancelled, "stopped at layer {} of {}", layer,
                              config.n_layers);
        }
        LayerBuilder builder(model, layer, report.rank, pool);
        const Margins margins =
            builder.fit(compute_gates(model, layer, samples.inputs[layer], pool), options.recall);
        samples.inputs[layer] = {};
        total.open += margins.open;
        total.proposed += margins.proposed;
        total.recalled += margins.recalled;
        const std::array tensors{
            NewTensor{"fc1", Dtype::q4_0, {config.d_model, report.rank}, builder.fc1()},
            NewTensor{"fc2", Dtype::q4_0, {report.rank, config.d_ff}, builder.fc2()},
            NewTensor{"margin", Dtype::f32, {config.d_ff}, builder.margins()}};
        uint32_t crc = 0;
        for (const NewTensor& tensor : tensors) {
            std::vector<std::byte> bytes = quantized(tensor);
            crc = crc32c(bytes, crc);
            report.bytes += bytes.size();
            writer.add_tensor(fmt::format("blk.{}.{}.weight", layer, tensor.role), tensor.dtype,
                              tensor.dims, std::move(bytes));
        }
        crcs.push_back(crc);
    }
    report.recall = total.recalled / std::max(total.open, 1.0);
    report.proposed = total.proposed / std::max(total.open, 1.0);
    writer.set("general.architecture", std::string(kPredictorArchitecture));
    writer.set(std::string(kPredictorModelKey), identity.hex());
    writer.set(std::string(kPredictorCrcKey), std::move(crcs));
    HEARTH_TRY_VOID(writer.write(options.path));
    return report;
}

}  // namespace hearth
