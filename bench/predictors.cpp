// Training-free predictors of which gates open: low rank against sketches of the gate rows.
//
//   bench_predictors [--tokens N] [--text FILE] [--write FILE [--rank N]] MODEL.gguf
//
// A third of the tokens is fitted to, a third calibrates, a third measures. A neuron is proposed
// when its guessed gate exceeds -z times the deviation of the guess's error for that neuron; z is
// what finds 99 % of the open gates of the calibrating tokens. Columns: bytes in percent of the
// gate matrix as it is in the file; of the open gates, those that were proposed; proposed neurons
// over open gates. Everything is computed in floats: weights as they would be stored, without the
// rounding of inputs. Both kinds read their bytes once per token, so equal bytes are equal time.
//
//   sketch 1, 2   every row of the gate in 1 or 2 bits a weight, and an F16 scale for 32 of them
//   low rank r    planner/low_rank.h, stored as Q4_0 fc1 (r, d_model) and fc2 (d_ff, r)
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <random>

#include "bench/bench.h"
#include "engine/base/file.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"
#include "planner/gate_samples.h"
#include "planner/low_rank.h"
#include "planner/predictor_builder.h"
#include "planner/profile_text.h"

namespace hearth::bench {
namespace {

constexpr double kWantedRecall = 0.99;
constexpr double kQ4Bytes = 18.0 / 32.0;

struct Options {
    size_t n_tokens = 768;
    size_t n_threads = 2;
    std::string text;
    std::string model;
    PredictorOptions made;  // no path: nothing is written
};

// Sums over layers.
struct Score {
    std::string name;
    double bytes = 0.0;
    double open = 0.0;
    double proposed = 0.0;
    double recalled = 0.0;
};

// Open gates and guesses for them of some tokens, (n_tokens, d_ff) each.
struct Guess {
    std::span<const float> gates;
    std::span<const float> guesses;
};

// Per neuron, the deviation of its guess's error.
std::vector<float> error_deviations(const Guess& guess, size_t d_ff) {
    std::vector<double> squares(d_ff);
    for (size_t i = 0; i < guess.gates.size(); ++i) {
        const double error = guess.guesses[i] - guess.gates[i];
        squares[i % d_ff] += error * error;
    }
    std::vector<float> deviations;
    for (const double square : squares) {
        deviations.push_back(static_cast<float>(std::sqrt(
            square * static_cast<double>(d_ff) / static_cast<double>(guess.gates.size()))));
    }
    return deviations;
}

// The z that proposes the wanted share of open gates.
float calibrate(const Guess& guess, std::span<const float> deviations) {
    std::vector<float> needed;
    for (size_t i = 0; i < guess.gates.size(); ++i) {
        if (!(guess.gates[i] > 0.0F)) continue;
        const float deviation = std::max(deviations[i % deviations.size()], 1e-12F);
        needed.push_back(-guess.guesses[i] / deviation);
    }
    if (needed.empty()) return 0.0F;
    const auto at = needed.begin() +
                    static_cast<ptrdiff_t>(kWantedRecall * static_cast<double>(needed.size() - 1));
    std::nth_element(needed.begin(), at, needed.end());
    return *at;
}

void count(const Guess& guess, std::span<const float> deviations, float z, Score& score) {
    for (size_t i = 0; i < guess.gates.size(); ++i) {
        const bool is_open = guess.gates[i] > 0.0F;
        const bool is_proposed = guess.guesses[i] >= -z * deviations[i % deviations.size()];
        score.open += is_open;
        score.proposed += is_proposed;
        score.recalled += is_open && is_proposed;
    }
}

// A row as a sketch of 1 or 2 bits a weight would give it back.
void sketch(std::span<float> row, int n_bits) {
    constexpr size_t kBlock = 32;
    for (size_t begin = 0; begin < row.size(); begin += kBlock) {
        const auto block = row.subspan(begin, std::min(kBlock, row.size() - begin));
        double sum = 0.0;
        double squares = 0.0;
        for (const float x : block) {
            sum += std::abs(x);
            squares += static_cast<double>(x) * x;
        }
        const auto n = static_cast<double>(block.size());
        // The best scales for normal weights: levels +-1, and +-0.45 and +-1.51.
        const auto mean = static_cast<float>(sum / n);
        const auto deviation = static_cast<float>(std::sqrt(squares / n));
        for (float& x : block) {
            const float level = n_bits == 1                       ? mean
                                : std::abs(x) < 0.98F * deviation ? 0.453F * deviation
                                                                  : 1.51F * deviation;
            x = std::copysign(level, x);
        }
    }
}

// (n_tokens, d_ff) gates by sketched rows.
std::vector<float> sketched_gates(const Model& model, size_t layer, std::span<const float> inputs,
                                  int n_bits, ThreadPool& pool) {
    const MatrixView& gate = model.weights().layers[layer].ffn.front().gate;
    const size_t n_tokens = inputs.size() / gate.cols;
    std::vector<float> out(n_tokens * gate.rows);
    pool.parallel_for(gate.rows, 16, [&](size_t begin, size_t end, size_t) {
        std::vector<float> row(gate.cols);
        for (size_t i = begin; i < end; ++i) {
            model.kernels().dequantize_row(gate.dtype, gate.row(i), row.data(), gate.cols);
            sketch(row, n_bits);
            for (size_t t = 0; t < n_tokens; ++t) {
                float sum = 0.0F;
                for (size_t j = 0; j < gate.cols; ++j) sum += row[j] * inputs[t * gate.cols + j];
                out[t * gate.rows + i] = sum;
            }
        }
    });
    return out;
}

// (n_tokens, d_ff) gates from what their projections tell.
std::vector<float> low_rank_gates(const LowRank& low_rank, std::span<const float> gates,
                                  ThreadPool& pool) {
    const std::vector<float> hidden = project(low_rank, gates, pool);
    const size_t n = low_rank.n_neurons;
    std::vector<float> out(gates.size());
    pool.parallel_for(gates.size() / n, 4, [&](size_t begin, size_t end, size_t) {
        for (size_t t = begin; t < end; ++t) {
            for (size_t k = 0; k < low_rank.rank; ++k) {
                const float h = hidden[t * low_rank.rank + k];
                for (size_t i = 0; i < n; ++i) {
                    out[t * n + i] += h * low_rank.directions[k * n + i];
                }
            }
        }
    });
    return out;
}

class Comparison {
  public:
    Comparison(const Model& model, const Options& options)
        : model_(model), pool_(options.n_threads) {}

    void add_layer(size_t layer, std::span<const float> inputs) {
        const size_t d_ff = model_.config().d_ff;
        const size_t d_model = model_.config().d_model;
        const std::vector<float> gates = compute_gates(model_, layer, inputs, pool_);
        const size_t third = gates.size() / d_ff / 3 * d_ff;
        const auto judge = [&](const std::string& name, double bytes,
                               std::span<const float> guesses) {
            const Guess calibrating{std::span(gates).subspan(third, third),
                                    guesses.subspan(third, third)};
            const Guess measured{std::span(gates).subspan(2 * third), guesses.subspan(2 * third)};
            const auto deviations = error_deviations(calibrating, d_ff);
            Score& score = score_of(name);
            score.bytes += bytes;
            count(measured, deviations, calibrate(calibrating, deviations), score);
        };
        const auto weights = static_cast<double>(d_ff * d_model);
        for (const int n_bits : {1, 2}) {
            judge(fmt::format("sketch {}", n_bits), weights * (n_bits / 8.0 + 2.0 / 32.0),
                  sketched_gates(model_, layer, inputs, n_bits, pool_));
        }
        for (const size_t rank : {16, 32, 64, 96, 128, 192}) {
            if (rank > third / d_ff || rank > d_model) continue;
            const LowRank low_rank = fit_low_rank(std::span(gates).first(third), d_ff, rank, pool_);
            judge(fmt::format("low rank {}", rank),
                  static_cast<double>(rank * (d_model + d_ff)) * kQ4Bytes,
                  low_rank_gates(low_rank, gates, pool_));
        }
        const MatrixView& gate = model_.weights().layers[layer].ffn.front().gate;
        gate_bytes_ += static_cast<double>(gate.rows * gate.stride_bytes);
    }

    void print() const {
        fmt::print("{:14} {:>9} {:>8} {:>14}\n", "", "bytes", "recall", "proposed/open");
        for (const Score& score : scores_) {
            fmt::print("{:14} {:8.1f}% {:7.2f}% {:14.2f}\n", score.name,
                       score.bytes / gate_bytes_ * 100, score.recalled / score.open * 100,
                       score.proposed / score.open);
        }
        fmt::print("open gates: {:.1f}% of {:.0f} looked at\n",
                   scores_.front().open / n_looked_at() * 100, n_looked_at());
    }

    void set_measured_tokens(size_t n) { n_measured_ = n; }

  private:
    double n_looked_at() const {
        return static_cast<double>(n_measured_ * model_.config().n_layers * model_.config().d_ff);
    }
    Score& score_of(const std::string& name) {
        for (Score& score : scores_) {
            if (score.name == name) return score;
        }
        return scores_.emplace_back(Score{name});
    }

    const Model& model_;
    ThreadPool pool_;
    std::vector<Score> scores_;
    double gate_bytes_ = 0.0;
    size_t n_measured_ = 0;
};

// A text where the model has a language, random tokens where a synthetic vocabulary has none.
Result<std::vector<Token>> sample_tokens(const Model& model, const Options& options) {
    std::vector<Token> tokens;
    if (options.text == "random") {
        std::mt19937 random(1);
        for (size_t i = 0; i < options.n_tokens; ++i) {
            tokens.push_back(Token{static_cast<uint32_t>(random() % model.config().n_vocab)});
        }
        return tokens;
    }
    std::string text(profile_text());
    if (!options.text.empty()) {
        HEARTH_TRY(text, read_text_file(options.text, size_t{1} << 20));
    }
    tokens = model.encode_raw(text);
    tokens.resize(std::min(tokens.size(), options.n_tokens));
    return tokens;
}

Result<void> run(const Options& options) {
    HEARTH_TRY(const auto model, Model::open(options.model, {}));
    if (!model->config().is_sparse() || model->config().n_experts > 0) {
        return make_error(ErrorCode::usage, "{}: a ReLU model without experts is wanted",
                          options.model);
    }
    HEARTH_TRY(const std::vector<Token> tokens, sample_tokens(*model, options));
    if (!options.made.path.empty()) {
        HEARTH_TRY(const PredictorReport report, make_predictors(*model, tokens, options.made));
        fmt::print("{}: rank {}, {:.2f} MB, recall {:.3f}, {:.2f} times what is open\n",
                   options.made.path, report.rank, static_cast<double>(report.bytes) * 1e-6,
                   report.recall, report.proposed);
        return {};
    }
    const GateSamples samples = sample_ffn_inputs(*model, tokens, options.n_threads);
    Comparison comparison(*model, options);
    comparison.set_measured_tokens(samples.n_tokens - 2 * (samples.n_tokens / 3));
    for (size_t layer = 0; layer < samples.inputs.size(); ++layer) {
        comparison.add_layer(layer, samples.inputs[layer]);
    }
    fmt::print("{}: {} tokens, d_model {}, d_ff {}\n", model->name(), samples.n_tokens,
               model->config().d_model, model->config().d_ff);
    comparison.print();
    return {};
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    hearth::bench::Options options;
    CLI::App app("Training-free predictors: low rank against sketches");
    app.add_option("--tokens", options.n_tokens)->check(CLI::Range(48, 4096));
    app.add_option("--threads", options.n_threads)->check(CLI::Range(1, 256));
    app.add_option("--text", options.text, "a file, or 'random' for random tokens");
    app.add_option("--write", options.made.path, "makes predictors and does nothing else");
    app.add_option("--rank", options.made.rank, "of those");
    app.add_option("model", options.model)->required();
    CLI11_PARSE(app, argc, argv);
    const auto done = hearth::bench::run(options);
    if (done) return 0;
    fmt::print(stderr, "bench_predictors: {}\n", done.error().message);
    return static_cast<int>(done.error().code);
}
