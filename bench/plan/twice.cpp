// twice: the same plan made anew some times, all measured again.
#include <fmt/format.h>

#include <algorithm>

#include "bench/plan/planned_model.h"

namespace hearth::bench {

Result<void> run_twice(const PlannedModel& model) {
    for (const uint64_t budget : model.budgets()) {
        fmt::print("\n{} MiB\n", budget >> 20);
        std::vector<double> speeds;
        for (size_t i = 0; i < model.options().times; ++i) {
            const std::string folder = fmt::format("{}/again", model.options().folder);
            HEARTH_TRY(const MadePlan plan, model.make(model.inputs(budget), folder, true));
            speeds.push_back(plan.file.predicted.tokens_per_second());
            fmt::print("  {:>5.1f} s  expected {:>8.2f} tok/s  {}\n", plan.seconds, speeds.back(),
                       describe(plan.file.setting));
        }
        const auto [least, most] = std::minmax_element(speeds.begin(), speeds.end());
        fmt::print("  expected speeds differ by {:.1f} %\n", 100.0 * (*most / *least - 1.0));
    }
    return {};
}

}  // namespace hearth::bench
