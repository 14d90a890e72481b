// How sparse a ReLU model is, layer by layer.
//
//   bench_activity [--tokens N] [--skip N] [--text FILE] [--predictors FILE] MODEL.gguf
//
// Without a text the model is given 32 random tokens and goes on by itself, greedily. The first
// `skip` tokens are not counted: their context is not like a context yet. Columns: the share of
// neurons that fire; the share of activations by the hottest fifth of the neurons; the share of
// active neurons that fire for the next token too; of the active ones, those the file's predictor
// proposes; and how many it proposes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <random>
#include <set>

#include "bench/activity_statistics.h"
#include "engine/base/file.h"
#include "engine/model/config.h"

namespace hearth::bench {
namespace {

constexpr size_t kPrompt = 32;
constexpr size_t kMaxTextBytes = size_t{1} << 20;

struct Options {
    size_t n_tokens = 256;
    size_t n_skip = 32;
    size_t n_threads = 2;
    std::string text;
    std::string predictors;
    std::string model;
};

// What the model is given; it goes on by itself behind it.
Result<std::vector<Token>> prompt(const Model& model, const Options& options) {
    std::vector<Token> tokens;
    if (options.text.empty()) {
        std::mt19937 random(1);
        const size_t n_vocab = model.config().n_vocab;
        for (size_t i = 0; i < kPrompt; ++i) {
            tokens.push_back(Token{static_cast<uint32_t>(random() % n_vocab)});
        }
        return tokens;
    }
    HEARTH_TRY(const std::string text, read_text_file(options.text, kMaxTextBytes));
    tokens = model.encode_raw(text);
    tokens.resize(std::min(tokens.size(), options.n_tokens));
    return tokens;
}

void print_layer(std::string_view name, const LayerActivity& layer) {
    fmt::print("{:>5} {:7.1f}% {:7.1f}% {:11.1f}% {:7.2f}% {:8.1f}%\n", name, layer.active * 100,
               layer.hottest_fifth * 100, layer.persistence * 100, layer.recall * 100,
               layer.proposed * 100);
}

Result<void> run(const Options& options) {
    ModelOptions how;
    how.plan.predictor_path = options.predictors;
    HEARTH_TRY(const auto model, Model::open(options.model, how));
    if (!model->config().is_sparse() || model->config().n_experts > 0) {
        return make_error(ErrorCode::usage, "{}: a ReLU model without experts is wanted",
                          options.model);
    }
    HEARTH_TRY(std::vector<Token> tokens, prompt(*model, options));
    FfnProbe probe(*model, options.n_tokens, options.n_threads);
    ActivityStatistics statistics(*model);
    std::set<Token> distinct;
    for (size_t i = 0; i < options.n_tokens; ++i) {
        const Token next = probe.step(tokens[i], [&](const FfnVisit& visit) {
            if (i >= options.n_skip) statistics.add(probe.compute(), visit);
        });
        if (i + 1 == tokens.size()) tokens.push_back(next);
        distinct.insert(tokens[i]);
    }
    fmt::print("{}: {} tokens, {} of them distinct\n", model->name(), options.n_tokens,
               distinct.size());
    fmt::print("{:>5} {:>8} {:>8} {:>12} {:>8} {:>9}\n", "layer", "active", "hottest",
               "persistence", "recall", "proposed");
    const auto layers = statistics.layers();
    for (size_t i = 0; i < layers.size(); ++i) print_layer(std::to_string(i), layers[i]);
    print_layer("mean", mean(layers));
    return {};
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    hearth::bench::Options options;
    CLI::App app("How sparse a ReLU model is, layer by layer");
    app.add_option("--tokens", options.n_tokens)->check(CLI::Range(2, 4096));
    app.add_option("--skip", options.n_skip)->check(CLI::Range(0, 4096));
    app.add_option("--threads", options.n_threads)->check(CLI::Range(1, 256));
    app.add_option("--text", options.text, "a text to read instead of greedy decoding");
    app.add_option("--predictors", options.predictors, "a file of them instead of the model's own");
    app.add_option("model", options.model)->required();
    CLI11_PARSE(app, argc, argv);
    const auto done = hearth::bench::run(options);
    if (done) return 0;
    fmt::print(stderr, "bench_activity: {}\n", done.error().message);
    return static_cast<int>(done.error().code);
}
