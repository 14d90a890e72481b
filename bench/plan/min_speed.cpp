// min-speed: the memory a plan takes for a wanted speed, against the least that has it when run.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/plan/planned_model.h"

namespace hearth::bench {
namespace {

constexpr std::array kShares{0.4, 0.6, 0.8};  // of the speed without a limit, where none are asked
constexpr double kStep = 0.05;                // of memory
constexpr size_t kMostSteps = 8;
constexpr double kMet = 0.9;  // of the wanted speed: what counts as met, for plan and sweep alike

double gib(uint64_t bytes) {
    return static_cast<double>(bytes) / (1 << 30);
}

Result<void> min_speed_one(const PlannedModel& model, double wanted) {
    PlanInputs inputs = model.inputs(0);
    inputs.min_speed = wanted;
    HEARTH_TRY(const MadePlan plan, model.make(inputs));
    const uint64_t planned = plan.file.memory.total();
    HEARTH_TRY(const double speed, model.speed(plan, plan.file.setting));
    fmt::print("\n{:.2f} tok/s wanted: {:.2f} GiB, expected {:.2f}, measured {:.2f} ({:+.1f} %)\n",
               wanted, gib(planned), plan.file.predicted.tokens_per_second(), speed,
               100.0 * (speed / wanted - 1.0));
    fmt::print("  * {}\n", describe(plan.file.setting));
    uint64_t least = speed >= kMet * wanted ? planned : 0;
    for (size_t step = 1; step <= kMostSteps; ++step) {
        const auto budget = static_cast<uint64_t>(static_cast<double>(planned) *
                                                  (1.0 - kStep * static_cast<double>(step)));
        const auto solution = model.solve(plan, budget);
        if (!solution) break;
        HEARTH_TRY(const double measured, model.speed(plan, solution->setting));
        fmt::print("  {:.2f} GiB: expected {:.2f}, measured {:.2f}  {}\n", gib(budget),
                   solution->cost.tokens_per_second(), measured, describe(solution->setting));
        if (measured < kMet * wanted) break;
        least = budget;
    }
    if (least == 0) {
        fmt::print("  the plan does not have the speed\n");
        return {};
    }
    fmt::print("  least that has {:.0f} % of it: {:.2f} GiB; the plan takes {:+.1f} %\n",
               100.0 * kMet, gib(least),
               100.0 * (static_cast<double>(planned) / static_cast<double>(least) - 1.0));
    return {};
}

}  // namespace

Result<void> run_min_speed(const PlannedModel& model) {
    std::vector<double> speeds = model.options().speeds;
    if (speeds.empty()) {
        HEARTH_TRY(const MadePlan whole, model.make(model.inputs(0)));
        for (const double share : kShares) {
            speeds.push_back(share * whole.file.predicted.tokens_per_second());
        }
    }
    for (const double speed : speeds) HEARTH_TRY_VOID(min_speed_one(model, speed));
    return {};
}

}  // namespace hearth::bench
