// Decode speed of whole models, beside the read bandwidth measured in the same rounds.
//
//   bench_decode [--threads N] [--tokens N] [--rounds N] [--context N] MODEL.gguf...
//
// A round reads 512 MiB of memory and decodes `tokens` tokens behind `context` others in every
// sparsity mode the model can run. "of read" is the bytes a dense step touches over the bandwidth:
// what a dense decode can reach is 1, a sparse one exceeds it by what it does not read.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <random>

#include "bench/bench.h"
#include "engine/engine.h"
#include "engine/kernels/read_rate.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"

namespace hearth::bench {
namespace {

constexpr size_t kReadBytes = size_t{512} << 20;

struct Options {
    size_t n_threads = 2;
    size_t n_tokens = 32;
    size_t n_context = 64;
    size_t n_rounds = 5;
    std::vector<std::string> models;
};

// A random sequence of ordinary tokens: synthetic models have no language.
std::vector<Token> random_tokens(size_t n, size_t n_vocab) {
    std::mt19937 random(1);
    std::vector<Token> tokens;
    for (size_t i = 0; i < n; ++i) {
        tokens.push_back(Token{static_cast<uint32_t>(random() % n_vocab)});
    }
    return tokens;
}

// One session per mode, so that modes can take turns.
struct Mode {
    SparsityMode sparsity;
    std::unique_ptr<Session> session;
};

std::vector<Mode> open_modes(const Model& model, const Options& options) {
    std::vector<Mode> modes;
    for (const auto mode : {SparsityMode::dense, SparsityMode::exact, SparsityMode::predicted}) {
        auto session = Session::create(model, {.n_ctx = options.n_context + options.n_tokens,
                                               .n_threads = options.n_threads,
                                               .sparsity = mode});
        if (session) modes.push_back({mode, std::move(*session)});
    }
    return modes;
}

double decode_rate(Session& session, std::span<const Token> tokens, const Options& options) {
    HEARTH_CHECK(session.prefill(tokens.first(options.n_context), {}));
    const double time = seconds([&] {
        for (const Token token : tokens.subspan(options.n_context)) {
            HEARTH_CHECK(session.decode(token));
        }
    });
    return static_cast<double>(options.n_tokens) / time;
}

void bench_model(const Model& model, const Options& options) {
    const auto tokens = random_tokens(options.n_context + options.n_tokens, model.config().n_vocab);
    const double gb_per_token =
        static_cast<double>(model.weights().bytes_per_token(model.config())) * 1e-9;
    fmt::print("{}: {:.3f} GB per dense token, {} kernels, {} threads\n", model.name(),
               gb_per_token, model.kernels().name, options.n_threads);
    ThreadPool pool(options.n_threads);
    AlignedBuffer<std::byte> memory(kReadBytes);
    for (size_t i = 0; i < kReadBytes; i += 64) memory[i] = std::byte{1};
    auto modes = open_modes(model, options);
    std::vector<Case> cases;
    cases.push_back({"read", [&] { return read_rate(pool, memory.span()); }});
    for (Mode& mode : modes) {
        cases.push_back({std::string(to_string(mode.sparsity)),
                         [&] { return decode_rate(*mode.session, tokens, options); }});
    }
    run_interleaved(cases, options.n_rounds);
    const Summary read = summarise(cases[0].rates);
    fmt::print("  read      {:6.1f} GB/s [{:.1f} {:.1f}]\n", read.median, read.low, read.high);
    for (size_t i = 1; i < cases.size(); ++i) {
        const Summary s = summarise(cases[i].rates);
        fmt::print("  {:9} {:6.2f} tok/s [{:.2f} {:.2f}]  {:.2f} of read  {:.2f} x dense\n",
                   cases[i].name, s.median, s.low, s.high,
                   ratio(cases[i], cases[0]).median * gb_per_token,
                   ratio(cases[i], cases[1]).median);
    }
}

int run(const Options& options) {
    fmt::print("{}\n", machine_line());
    for (const std::string& path : options.models) {
        const auto model = Model::open(path, {});
        if (!model) {
            fmt::print(stderr, "bench_decode: {}\n", model.error().message);
            return static_cast<int>(model.error().code);
        }
        bench_model(**model, options);
    }
    return 0;
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    hearth::bench::Options options;
    CLI::App app("Decode speed of whole models against the speed of memory");
    app.add_option("--threads", options.n_threads)->check(CLI::Range(1, 256));
    app.add_option("--tokens", options.n_tokens)->check(CLI::Range(1, 4096));
    app.add_option("--context", options.n_context)->check(CLI::Range(1, 65536));
    app.add_option("--rounds", options.n_rounds)->check(CLI::Range(1, 1000));
    app.add_option("models", options.models)->required();
    CLI11_PARSE(app, argc, argv);
    return hearth::bench::run(options);
}
