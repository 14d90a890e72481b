// What the order of neurons on disk is worth: reads per token, after gaps are read over.
//
//   bench_placement [--hot SHARE] MODEL.gguf
//
// The model reads the bundled profile text. Orders are made of its first half; its second half is
// replayed: for every token and layer the active neurons that are not hot are read, those that lie
// at most `gap` records apart in one read. Nothing is cached, so the figures are of the worst case.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <numeric>

#include "engine/engine.h"
#include "planner/placement.h"
#include "planner/profile_text.h"

namespace hearth::bench {
namespace {

constexpr std::array<size_t, 4> kGaps{0, 1, 2, 4};

struct Options {
    double hot_share = 0.25;
    std::string model;
};

struct Reads {
    double reads = 0.0;    // per token
    double records = 0.0;  // per token, those of gaps included
};

// The firings of tokens [begin, end).
ActivityTrace part_of(const ActivityTrace& trace, size_t begin, size_t end) {
    const TraceShape& shape = trace.shape();
    ActivityTrace part(shape, shape.n_layers);
    for (size_t layer = 0; layer < shape.n_layers; ++layer) {
        for (size_t expert = 0; expert < shape.n_experts; ++expert) {
            for (const ActivityTrace::Step& step : trace.steps(layer, expert)) {
                if (step.token < begin || step.token >= end) continue;
                part.add({layer, expert, step.token, trace.neurons(layer, expert, step)});
            }
        }
    }
    return part;
}

// Which neurons of each section are not resident: all but the hottest.
std::vector<std::vector<bool>> cold_neurons(const Placement& by_heat, size_t n_hot) {
    std::vector<std::vector<bool>> cold;
    for (const auto& order : by_heat) {
        cold.emplace_back(order.size(), true);
        for (size_t p = 0; p < n_hot; ++p) cold.back()[order[p]] = false;
    }
    return cold;
}

Reads count_reads(const ActivityTrace& trace, const Placement& placement,
                  const std::vector<std::vector<bool>>& cold, size_t n_tokens, size_t gap) {
    const TraceShape& shape = trace.shape();
    Reads sum;
    std::vector<uint32_t> position(shape.d_ff);
    std::vector<uint32_t> wanted;
    for (size_t section = 0; section < shape.n_sections(); ++section) {
        for (uint32_t p = 0; p < shape.d_ff; ++p) position[placement[section][p]] = p;
        const size_t layer = section / shape.n_experts;
        const size_t expert = section % shape.n_experts;
        for (const ActivityTrace::Step& step : trace.steps(layer, expert)) {
            wanted.clear();
            for (const uint32_t neuron : trace.neurons(layer, expert, step)) {
                if (cold[section][neuron]) wanted.push_back(position[neuron]);
            }
            std::sort(wanted.begin(), wanted.end());
            for (size_t i = 0; i < wanted.size(); ++i) {
                const bool joins = i > 0 && wanted[i] - wanted[i - 1] <= gap + 1;
                sum.reads += joins ? 0.0 : 1.0;
                sum.records += joins ? wanted[i] - wanted[i - 1] : 1.0;
            }
        }
    }
    const auto n = static_cast<double>(n_tokens);
    return {sum.reads / n, sum.records / n};
}

Result<ActivityTrace> trace_profile_text(const Model& model) {
    const ModelConfig& config = model.config();
    const size_t n_experts = std::max<size_t>(1, config.n_experts);
    ActivityTrace trace({config.n_layers, n_experts, config.d_ff}, config.n_layers);
    SessionOptions options;
    options.on_firing = [&](const Firing& firing) { trace.add(firing); };
    HEARTH_TRY(const auto session, Session::create(model, options));
    std::vector<Token> tokens = model.encode_raw(profile_text());
    tokens.resize(std::min(tokens.size(), session->n_ctx()));
    HEARTH_TRY_VOID(session->prefill(tokens, nullptr));
    return trace;
}

Result<void> run(const Options& options) {
    HEARTH_TRY(const auto model, Model::open(options.model, {}));
    HEARTH_TRY(const ActivityTrace trace, trace_profile_text(*model));
    // Positions of a sequence, so a token's number is its position.
    const size_t half = trace.n_tokens() / 2;
    const ActivityTrace seen = part_of(trace, 0, half);
    const ActivityTrace later = part_of(trace, half, trace.n_tokens());
    ThreadPool pool(1);
    const auto n_hot =
        static_cast<size_t>(options.hot_share * static_cast<double>(trace.shape().d_ff));
    const Placement by_heat = place_by_trace(seen, 1.0, pool);
    const auto cold = cold_neurons(by_heat, n_hot);
    const auto begin = std::chrono::steady_clock::now();
    const Placement chained = place_by_trace(seen, options.hot_share, pool);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    Placement by_index = by_heat;
    for (auto& order : by_index) std::iota(order.begin(), order.end(), 0U);

    fmt::print(
        "{} tokens seen, {} replayed, {:.1f} % of neurons active, hottest {:.0f} % resident;"
        " chains made in {:.2f} s\n",
        half, trace.n_tokens() - half, trace.active_fraction() * 100, options.hot_share * 100,
        seconds.count());
    fmt::print("{:>4} {:>26} {:>26} {:>26}\n", "gap", "model's order", "by count", "chained");
    for (const size_t gap : kGaps) {
        fmt::print("{:>4}", gap);
        const std::array<const Placement*, 3> placements{&by_index, &by_heat, &chained};
        for (const Placement* placement : placements) {
            const Reads reads = count_reads(later, *placement, cold, trace.n_tokens() - half, gap);
            fmt::print(" {:>8.1f} reads {:>7.1f} rec", reads.reads, reads.records);
        }
        fmt::print("\n");
    }
    return {};
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    hearth::bench::Options options;
    CLI::App app("What the order of neurons on disk is worth.");
    app.add_option("--hot", options.hot_share, "share of neurons that is resident")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("MODEL", options.model)->required();
    CLI11_PARSE(app, argc, argv);
    const auto done = hearth::bench::run(options);
    if (!done) fmt::print(stderr, "bench_placement: {}\n", done.error().message);
    return done ? 0 : static_cast<int>(done.error().code);
}
