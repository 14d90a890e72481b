// The planner judged: sweeps settings, and prints what the plan loses to the best of them and how
// far off its prediction is.
//
//   bench_plan [--memory BYTES]... [--seconds S] [--folder DIR] [--context N] MODEL.gguf
//
// For every budget (none given: no limit) a plan is made in DIR, which keeps profiles, the pack and
// the plan. Then the model is run with the plan and with every neighbouring setting that fits the
// budget: threads, sparsity, placement, hot shares and queue depths. "regret" is what the plan's
// measured speed lacks to the best measured one, "error" what the prediction lacks to the measured.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "bench/bench.h"
#include "engine/default_plan.h"
#include "engine/model/config.h"
#include "planner/memory_model.h"
#include "planner/model_trial.h"
#include "planner/plan_from_solution.h"
#include "planner/plan_maker.h"

namespace hearth::bench {
namespace {

struct Options {
    std::string model;
    std::string folder = "bench_plan.tmp";
    std::vector<uint64_t> budgets;
    size_t n_ctx = 1024;
    double seconds = 1.0;
};

Result<std::string> read_kept(const std::string& path) {
    return read_text_file(path, size_t{64} << 20);
}

// The settings that are tried beside the plan: each differs in one decision or two.
std::vector<PlanSetting> neighbours(const PlanSetting& chosen, size_t n_cores) {
    std::vector<PlanSetting> all{chosen};
    const auto add = [&](auto&& change) {
        PlanSetting one = chosen;
        change(one);
        if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
    };
    for (size_t n = 1; n <= n_cores; ++n) add([&](PlanSetting& s) { s.n_threads = n; });
    if (chosen.placement == FfnPlacement::resident) {
        add([](PlanSetting& s) { s.mode = SparsityMode::dense; });
        return all;
    }
    add([](PlanSetting& s) {
        s.placement = FfnPlacement::by_layer;
        s.mode = SparsityMode::dense;
    });
    if (chosen.placement != FfnPlacement::by_neuron) return all;
    for (const double hot : {0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6}) {
        add([&](PlanSetting& s) { s.hot_share = hot; });
    }
    for (const size_t depth : {8, 32, 128}) {
        add([&](PlanSetting& s) { s.queue_depth = depth; });
    }
    return all;
}

struct Bench {
    const Options& options;
    const Gguf& gguf;
    const MemoryNeeds& needs;
    const std::string pack_path;
    const PlanProgressSink nobody = {};

    Result<double> speed(const PlanInputs& inputs, const DeviceProfile& device,
                         const ModelProfile& profile, const PlanSetting& setting) const {
        const CostModel cost(device, profile, options.n_ctx / 4);
        const uint64_t staging = stream_plan(needs.weights).bytes();
        const MemoryModel memory(profile.sizes, needs.fixed(), staging, cost);
        Solution solution{setting, cost.cost(setting), memory.use(setting), {}};
        const Plan plan = plan_from_solution(inputs, device, profile, solution,
                                             stream_plan(needs.weights), pack_path);
        StepProgress progress(PlanStep::plan, nobody);
        HEARTH_TRY(const ModelTrial trial, ModelTrial::open(gguf.path(), plan, progress, 0.0, 1.0));
        HEARTH_TRY(const Observation seen, trial.observe(setting, options.seconds));
        return 1.0 / seen.seconds;
    }

    Result<void> run(uint64_t budget) const {
        PlanInputs inputs;
        inputs.budget_bytes = budget;
        inputs.n_ctx = options.n_ctx;
        PlanMakerOptions maker_options;
        maker_options.folder = options.folder;
        maker_options.pack_path = pack_path;
        HEARTH_TRY(PlanMaker maker, PlanMaker::create(gguf, std::move(maker_options)));
        std::optional<PlanFile> file;
        std::optional<Error> failed;
        const double made = seconds([&] {
            auto result = maker.make(inputs, false);
            if (result) file = *std::move(result);
            if (!result) failed = result.error();
        });
        if (failed) return tl::unexpected(*failed);
        const double found = seconds([&] { file = maker.find(inputs); });
        HEARTH_TRY(const std::string device_json, read_kept(options.folder + "/device.json"));
        HEARTH_TRY(const DeviceProfile device, parse_device_profile(device_json, "device.json"));
        HEARTH_TRY(const std::string profile_json, read_kept(maker.profile_path()));
        HEARTH_TRY(const ModelProfile profile, parse_model_profile(profile_json, "model.json"));
        fmt::print("{} MiB: made in {:.1f} s, found again in {:.0f} ms\n", budget >> 20, made,
                   1e3 * found);
        fmt::print("  {:<10} {:<6} {:>7} {:>5} {:>6} {:>5} {:>9} {:>9}\n", "placement", "mode",
                   "threads", "hot", "cache", "depth", "expected", "measured");
        const CostModel cost(device, profile);
        const MemoryModel memory(profile.sizes, needs.fixed(), stream_plan(needs.weights).bytes(),
                                 cost);
        double best = 0.0;
        double planned = 0.0;
        for (PlanSetting setting : neighbours(file->setting, device.identity.n_cores)) {
            const bool is_plan = setting == file->setting;
            const uint64_t limit = budget != 0 ? budget : uint64_t{1} << 50;
            if (!is_plan && !memory.fit(setting, limit)) continue;
            HEARTH_TRY(const double measured, speed(inputs, device, profile, setting));
            const double expected = is_plan ? file->predicted.tokens_per_second()
                                            : cost.cost(setting).tokens_per_second();
            fmt::print("{} {:<10} {:<6} {:>7} {:>5.2f} {:>6.2f} {:>5} {:>9.2f} {:>9.2f}\n",
                       is_plan ? '*' : ' ', to_string(setting.placement), to_string(setting.mode),
                       setting.n_threads, setting.hot_share, setting.cache_share,
                       setting.queue_depth, expected, measured);
            best = std::max(best, measured);
            if (is_plan) planned = measured;
        }
        fmt::print("  regret {:.1f} %, error {:+.1f} %\n", 100.0 * (1.0 - planned / best),
                   100.0 * (file->predicted.tokens_per_second() / planned - 1.0));
        return {};
    }
};

Result<void> run(const Options& options) {
    std::filesystem::create_directories(options.folder);
    HEARTH_TRY(const Gguf gguf, Gguf::open(options.model));
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    HEARTH_TRY(const MemoryNeeds needs, memory_needs(gguf, config, options.n_ctx, 0));
    HEARTH_TRY(const ModelIdentity identity, identify_model(gguf));
    const std::string pack =
        fmt::format("{}/{}.pack", options.folder, identity.hex().substr(0, 12));
    const Bench bench{options, gguf, needs, pack};
    fmt::print("{}; {}\n", options.model, machine_line());
    for (const uint64_t budget : options.budgets) HEARTH_TRY_VOID(bench.run(budget));
    return {};
}

int main_of(int argc, char** argv) {
    Options options;
    CLI::App app(
        "Sweeps settings, and prints the regret of the plan and the error of its "
        "prediction.");
    app.add_option("--memory", options.budgets, "budgets in bytes; 0 = no limit")
        ->transform(CLI::AsSizeValue(false));
    app.add_option("--folder", options.folder, "for profiles, pack and plans; kept");
    app.add_option("--context", options.n_ctx)->check(CLI::Range(64, 65536));
    app.add_option("--seconds", options.seconds, "of decoding per setting")
        ->check(CLI::Range(0.1, 60.0));
    app.add_option("model", options.model)->required();
    CLI11_PARSE(app, argc, argv);
    if (options.budgets.empty()) options.budgets = {0};
    const auto done = run(options);
    if (done) return 0;
    fmt::print(stderr, "bench_plan: {}\n", done.error().message);
    return static_cast<int>(done.error().code);
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    return hearth::bench::main_of(argc, argv);
}
