// The planner judged: what it promises against what is measured.
//
//   bench_plan [sweep|min-speed|twice|disk] [options] [MODEL.gguf]
//
//   sweep      a plan per budget, then the model run with it and with every neighbouring setting
//              that fits: threads, sparsity, placement, hot shares, queue depths. "regret" is what
//              the plan's measured speed lacks to the best measured one, "error" what the
//              prediction lacks to the measured speed
//   min-speed  plans for wanted speeds, and how little memory would have had them
//   twice      the same plan made again from nothing
//   disk       a plan for the disk as it is and one for the same disk throttled, run throttled
//
// Without a model the bundled one. Profiles, pack and plans are kept in --folder.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "bench/bench.h"
#include "bench/plan/planned_model.h"

namespace hearth::bench {
namespace {

using Mode = Result<void> (*)(const PlannedModel&);

Result<void> run(const PlanBenchOptions& options, Mode mode) {
    HEARTH_TRY(const PlannedModel model, PlannedModel::open(options));
    fmt::print("{}; {}\n", options.model, machine_line());
    return mode(model);
}

int main_of(int argc, char** argv) {
    PlanBenchOptions options;
    options.model = HEARTH_BUNDLED_MODEL;
    Mode mode = run_sweep;
    std::string sparsity = "auto";
    CLI::App app("Judges the planner: prediction, regret, memory for a speed, repeatability.");
    app.require_subcommand(0, 1);
    app.fallthrough();
    app.add_subcommand("sweep", "the plan against its neighbours")->callback([&] {
        mode = run_sweep;
    });
    app.add_subcommand("min-speed", "memory for a wanted speed")->callback([&] {
        mode = run_min_speed;
    });
    app.add_subcommand("twice", "the same plan again")->callback([&] { mode = run_twice; });
    app.add_subcommand("disk", "a throttled disk")->callback([&] { mode = run_disk; });
    app.add_option("--memory", options.budgets, "budgets in bytes; 0 = no limit")
        ->transform(CLI::AsSizeValue(false));
    app.add_option("--cap", options.caps, "budgets in percent of the FFN that may be held")
        ->check(CLI::Range(0.0, 100.0));
    app.add_option("--speed", options.speeds, "min-speed: tok/s that are wanted")
        ->check(CLI::PositiveNumber);
    app.add_option("--sparsity", sparsity)->check(CLI::IsMember({"auto", "exact", "predicted"}));
    app.add_option("--folder", options.folder, "for profiles, pack and plans; kept");
    app.add_option("--context", options.n_ctx)->check(CLI::Range(64, 65536));
    app.add_option("--seconds", options.seconds, "of decoding per setting and round")
        ->check(CLI::Range(0.1, 60.0));
    app.add_option("--rounds", options.rounds, "of the best settings")->check(CLI::Range(1, 100));
    app.add_option("--times", options.times, "twice: how often")->check(CLI::Range(2, 100));
    app.add_option("--disk-rate", options.disk_bytes_per_second, "disk: bytes per second")
        ->transform(CLI::AsSizeValue(false));
    app.add_option("--disk-reads", options.disk_reads_per_second, "disk: reads per second");
    app.add_option("model", options.model);
    CLI11_PARSE(app, argc, argv);
    if (sparsity == "exact") options.sparsity = SparsityMode::exact;
    if (sparsity == "predicted") options.sparsity = SparsityMode::predicted;
    const auto done = run(options, mode);
    if (done) return 0;
    fmt::print(stderr, "bench_plan: {}\n", done.error().message);
    return static_cast<int>(done.error().code);
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    return hearth::bench::main_of(argc, argv);
}
