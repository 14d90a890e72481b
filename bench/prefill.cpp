// Prefill speed of whole models.
//
//   bench_prefill [--threads N] [--tokens N] [--rounds N] MODEL.gguf...
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <random>

#include "bench/bench.h"
#include "engine/engine.h"
#include "engine/kernels/kernels.h"
#include "engine/model/config.h"

namespace hearth::bench {
namespace {

struct Options {
    size_t n_threads = 2;
    size_t n_tokens = 512;
    size_t n_rounds = 3;
    std::vector<std::string> models;
};

// Another first token each time: nothing may come from the cache.
double prefill_rate(Session& session, size_t n_tokens, size_t n_vocab, std::mt19937& random) {
    std::vector<Token> tokens;
    for (size_t i = 0; i < n_tokens; ++i) {
        tokens.push_back(Token{static_cast<uint32_t>(random() % n_vocab)});
    }
    const double time = seconds([&] { HEARTH_CHECK(session.prefill(tokens, {})); });
    HEARTH_CHECK(session.stats().reused_tokens == 0);
    return static_cast<double>(n_tokens) / time;
}

int run(const Options& options) {
    fmt::print("{}\n", machine_line());
    for (const std::string& path : options.models) {
        const auto model = Model::open(path, {});
        if (!model) {
            fmt::print(stderr, "bench_prefill: {}\n", model.error().message);
            return static_cast<int>(model.error().code);
        }
        const auto session = Session::create(
            **model, {.n_ctx = options.n_tokens, .n_threads = options.n_threads, .sparsity = {}});
        if (!session) {
            fmt::print(stderr, "bench_prefill: {}\n", session.error().message);
            return static_cast<int>(session.error().code);
        }
        std::mt19937 random(1);
        std::vector<double> rates;
        for (size_t round = 0; round <= options.n_rounds; ++round) {
            const double rate =
                prefill_rate(**session, options.n_tokens, (*model)->config().n_vocab, random);
            if (round > 0) rates.push_back(rate);  // the first one warms up
        }
        const Summary s = summarise(rates);
        fmt::print("{}: {} tokens, {} kernels, {} threads: {:.1f} tok/s [{:.1f} {:.1f}]\n",
                   (*model)->name(), options.n_tokens, (*model)->kernels().name, options.n_threads,
                   s.median, s.low, s.high);
    }
    return 0;
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    hearth::bench::Options options;
    CLI::App app("Prefill speed of whole models");
    app.add_option("--threads", options.n_threads)->check(CLI::Range(1, 256));
    app.add_option("--tokens", options.n_tokens)->check(CLI::Range(1, 65536));
    app.add_option("--rounds", options.n_rounds)->check(CLI::Range(1, 1000));
    app.add_option("models", options.models)->required();
    CLI11_PARSE(app, argc, argv);
    return hearth::bench::run(options);
}
