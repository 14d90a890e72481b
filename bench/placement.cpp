// What the order of neurons on disk is worth: reads per token, and what they cost.
//
//   bench_placement [--front SHARE] [--cached SHARE] [--read US] [--kilobyte US] MODEL.gguf
//
// The model reads the bundled profile text. Orders are made of its first half, and of all neurons
// the most frequent in it are cached; its second half is replayed: for every token and layer the
// active neurons that are not cached are read, as the engine would: of one lane those that lie at
// most `gap` records apart in one read. The cache is not changed by what is read.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <numeric>

#include "engine/engine.h"
#include "engine/neuron/sparse_ffn.h"
#include "planner/model_sizes.h"
#include "planner/placement.h"
#include "planner/profile_text.h"

namespace hearth::bench {
namespace {

constexpr std::array<size_t, 9> kGaps{0, 1, 2, 4, 8, 12, 16, 20, 24};

struct Options {
    double front_share = 0.25;
    double cached_share = 0.4;
    // Of the disk of bench/README.md: 14.6 us for 4.6 KB, 30 for 64.
    double read_us = 13.4;
    double kilobyte_us = 0.26;
    double record_bytes = 0.0;  // 0: the model's
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

// Which neurons of each section are cached: of all the most frequent.
std::vector<std::vector<bool>> choose_cached(const FiringCounts& counts, double share) {
    const TraceShape& shape = counts.shape();
    std::vector<uint32_t> all;
    for (size_t s = 0; s < shape.n_sections(); ++s) {
        all.insert(all.end(), counts.of(s).begin(), counts.of(s).end());
    }
    std::vector<size_t> order(all.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return all[a] > all[b]; });
    order.resize(static_cast<size_t>(share * static_cast<double>(order.size())));
    std::vector<std::vector<bool>> cached(shape.n_sections(), std::vector<bool>(shape.d_ff));
    for (const size_t i : order) cached[i / shape.d_ff][i % shape.d_ff] = true;
    return cached;
}

// `n_lanes` of the engine's: 1 reads all misses of a layer together.
Reads count_reads(const ActivityTrace& trace, const Placement& placement,
                  const std::vector<std::vector<bool>>& cached, size_t n_tokens, size_t n_lanes,
                  size_t gap) {
    const TraceShape& shape = trace.shape();
    Reads sum;
    std::vector<uint32_t> position(shape.d_ff);
    std::vector<std::pair<size_t, uint32_t>> wanted;  // lane and position
    for (size_t section = 0; section < shape.n_sections(); ++section) {
        for (uint32_t p = 0; p < shape.d_ff; ++p) position[placement[section][p]] = p;
        const size_t layer = section / shape.n_experts;
        const size_t expert = section % shape.n_experts;
        for (const ActivityTrace::Step& step : trace.steps(layer, expert)) {
            wanted.clear();
            size_t lane = 0;
            for (const uint32_t neuron : trace.neurons(layer, expert, step)) {
                while (neuron >= (lane + 1) * shape.d_ff / n_lanes) ++lane;
                if (!cached[section][neuron]) wanted.emplace_back(lane, position[neuron]);
            }
            std::sort(wanted.begin(), wanted.end());
            for (size_t i = 0; i < wanted.size(); ++i) {
                const bool joins = i > 0 && wanted[i].first == wanted[i - 1].first &&
                                   wanted[i].second - wanted[i - 1].second <= gap + 1;
                sum.reads += joins ? 0.0 : 1.0;
                sum.records += joins ? wanted[i].second - wanted[i - 1].second : 1.0;
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

struct Candidate {
    std::string name;
    PlacementRules rules;
    size_t n_lanes_read = kLanes;
};

std::vector<Candidate> candidates(double front) {
    const auto in_lanes = [&](double tier) { return PlacementRules{front, kLanes, tier}; };
    return {{"one chain, read by layer", {front, 1, PlacementRules::kOneTier}, 1},
            {"one chain", {front, 1, PlacementRules::kOneTier}},
            {"by rate, read by layer", {1.0, 1, 1.0}, 1},
            {"by rate", {1.0, 1, 1.0}},
            {"lanes, a chain in each", in_lanes(PlacementRules::kOneTier)},
            {"lanes, tiers of 4", in_lanes(4.0)},
            {"lanes, tiers of 2", in_lanes(2.0)},
            {"lanes, tiers of 1.4", in_lanes(1.4)},
            {"lanes, equal ones chained", in_lanes(1.0)}};
}

Result<void> run(const Options& options) {
    HEARTH_TRY(const auto model, Model::open(options.model, {}));
    HEARTH_TRY(const ModelSizes sizes, model_sizes(model->gguf(), model->config()));
    HEARTH_TRY(const ActivityTrace trace, trace_profile_text(*model));
    // Positions of a sequence, so a token's number is its position.
    const size_t half = trace.n_tokens() / 2;
    const size_t n_replayed = trace.n_tokens() - half;
    const ActivityTrace seen = part_of(trace, 0, half);
    const ActivityTrace later = part_of(trace, half, trace.n_tokens());
    const auto cached = choose_cached(seen.counts(), options.cached_share);
    const double record_kb =
        (options.record_bytes > 0.0 ? options.record_bytes
                                    : static_cast<double>(sizes.packed_row_bytes)) /
        1024.0;
    fmt::print(
        "{} tokens seen, {} replayed, {:.1f} % of neurons active, {:.0f} % cached; records of "
        "{:.1f} KB, a read {} us and {} a KB\n",
        half, n_replayed, trace.active_fraction() * 100, options.cached_share * 100, record_kb,
        options.read_us, options.kilobyte_us);
    fmt::print("{:26}", "reads / records / ms, gap");
    for (const size_t gap : kGaps) fmt::print(" {:>18}", gap);
    fmt::print("\n");
    ThreadPool pool(1);
    for (const Candidate& one : candidates(options.front_share)) {
        const Placement placement = place_by_trace(seen, one.rules, pool);
        fmt::print("{:26}", one.name);
        for (const size_t gap : kGaps) {
            const Reads reads =
                count_reads(later, placement, cached, n_replayed, one.n_lanes_read, gap);
            const double us =
                reads.reads * options.read_us + reads.records * record_kb * options.kilobyte_us;
            fmt::print(" {:>18}",
                       fmt::format("{:.0f}/{:.0f}/{:.2f}", reads.reads, reads.records, us * 1e-3));
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
    app.add_option("--front", options.front_share, "share of a section that lies in front")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--cached", options.cached_share, "share of all neurons that is in memory")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--read", options.read_us, "what a read takes of the disk, in us")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--kilobyte", options.kilobyte_us, "and what each KB of it takes")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--record", options.record_bytes, "bytes of a record, if not the model's")
        ->check(CLI::NonNegativeNumber);
    app.add_option("MODEL", options.model)->required();
    CLI11_PARSE(app, argc, argv);
    const auto done = hearth::bench::run(options);
    if (!done) fmt::print(stderr, "bench_placement: {}\n", done.error().message);
    return done ? 0 : static_cast<int>(done.error().code);
}
