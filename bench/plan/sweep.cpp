// sweep: the plan against its neighbours, all of them run.
#include <fmt/format.h>

#include <algorithm>

#include "bench/bench.h"
#include "bench/plan/planned_model.h"
#include "planner/compute_rates.h"
#include "planner/cost_model.h"

namespace hearth::bench {
namespace {

// Settings within this of the best are run again, in turn with the plan.
constexpr double kFinalists = 0.9;

struct Run {
    PlanSetting setting;
    double expected = 0.0;
    std::vector<double> speeds = {};

    double speed() const { return summarise(speeds).median; }
};

// The settings that are tried beside the plan: each differs in one decision, and memory is divided
// anew.
std::vector<PlanSetting> neighbours(const PlanSetting& chosen, const DeviceProfile& device) {
    std::vector<PlanSetting> all{chosen};
    const auto add = [&](auto&& change) {
        PlanSetting one = chosen;
        change(one);
        all.push_back(one);
    };
    for (const size_t n : thread_counts(device.identity.n_cores, device.classes)) {
        add([&](PlanSetting& s) { s.n_threads = n; });
    }
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
    for (const size_t depth : {8, 32, 64, 128}) {
        add([&](PlanSetting& s) { s.queue_depth = depth; });
    }
    return all;
}

std::vector<Run> settings_to_run(const PlannedModel& model, const MadePlan& plan) {
    const uint64_t budget = plan.file.inputs.budget_bytes;
    const CostModel cost(plan.device, plan.profile);
    std::vector<Run> runs{{plan.file.setting, plan.file.predicted.tokens_per_second()}};
    for (const PlanSetting& setting : neighbours(plan.file.setting, plan.device)) {
        const auto fitted = model.fit(plan, setting, budget);
        const auto is_known = [&](const Run& run) { return are_alike(run.setting, *fitted); };
        if (!fitted || std::any_of(runs.begin(), runs.end(), is_known)) continue;
        runs.push_back({*fitted, cost.cost(*fitted).tokens_per_second()});
    }
    return runs;
}

Result<void> run_once(const PlannedModel& model, const MadePlan& plan, std::vector<Run>& runs,
                      double least) {
    for (Run& run : runs) {
        const bool is_plan = &run == &runs.front();
        if (!is_plan && !run.speeds.empty() && run.speed() < least) continue;
        HEARTH_TRY(const double speed, model.speed(plan, run.setting));
        run.speeds.push_back(speed);
    }
    return {};
}

Result<void> sweep_one(const PlannedModel& model, uint64_t budget) {
    HEARTH_TRY(const MadePlan plan, model.make(model.inputs(budget)));
    fmt::print("\n{} MiB: made in {:.1f} s, found again in {:.1f} ms\n", budget >> 20, plan.seconds,
               1e3 * plan.found_seconds);
    std::vector<Run> runs = settings_to_run(model, plan);
    double best = 0.0;
    for (size_t round = 0; round < model.options().rounds; ++round) {
        HEARTH_TRY_VOID(run_once(model, plan, runs, kFinalists * best));
        best = 0.0;
        for (const Run& run : runs) best = std::max(best, run.speed());
    }
    fmt::print("  {:>9} {:>9}  {}\n", "expected", "measured", "setting (* the plan)");
    for (const Run& run : runs) {
        fmt::print("  {:>9.2f} {:>9.2f} {}{}\n", run.expected, run.speed(),
                   &run == &runs.front() ? '*' : ' ', describe(run.setting));
    }
    const double planned = runs.front().speed();
    fmt::print("  error of the prediction {:+.1f} %, regret {:.1f} %\n",
               100.0 * (runs.front().expected / planned - 1.0), 100.0 * (1.0 - planned / best));
    return {};
}

}  // namespace

Result<void> run_sweep(const PlannedModel& model) {
    for (const uint64_t budget : model.budgets()) HEARTH_TRY_VOID(sweep_one(model, budget));
    return {};
}

}  // namespace hearth::bench
