// disk: a plan for this machine's disk and one for the same disk throttled, both run throttled.
#include <fmt/format.h>

#include <algorithm>

#include "bench/bench.h"
#include "bench/plan/disk_throttle.h"
#include "bench/plan/planned_model.h"

namespace hearth::bench {
namespace {

void print_disk(const char* name, const MadePlan& plan) {
    const StorageRates& disk = plan.device.storage;
    fmt::print("  {:<10} in order {:.2f} GB/s, 4 KiB at depth 64: {:.0f} reads/s, at 8: {:.0f}\n",
               name, disk.sequential_gbps, disk.reads_per_second(4096, 64),
               disk.reads_per_second(4096, 8));
    fmt::print("  {:<10} {} · expected {:.2f} tok/s\n", "", describe(plan.file.setting),
               plan.file.predicted.tokens_per_second());
}

Result<void> disk_one(const PlannedModel& model, uint64_t budget) {
    const PlanBenchOptions& options = model.options();
    const PlanInputs inputs = model.inputs(budget);
    fmt::print("\n{} MiB\n", budget >> 20);
    HEARTH_TRY(const MadePlan fast, model.make(inputs, options.folder, false));
    print_disk("as it is", fast);
    HEARTH_TRY(const DiskThrottle throttle,
               DiskThrottle::begin(options.folder, options.disk_bytes_per_second,
                                   options.disk_reads_per_second));
    HEARTH_TRY(const MadePlan slow, model.make(inputs, options.folder + "/throttled", true));
    print_disk("throttled", slow);
    std::vector<double> by_old;
    std::vector<double> by_new;
    for (size_t round = 0; round < options.rounds; ++round) {
        HEARTH_TRY(by_old.emplace_back(), model.speed(fast, fast.file.setting));
        HEARTH_TRY(by_new.emplace_back(), model.speed(slow, slow.file.setting));
    }
    const double was = summarise(by_old).median;
    const double is = summarise(by_new).median;
    fmt::print("  throttled, the old plan makes {:.2f} tok/s, the new one {:.2f} ({:+.1f} %)\n",
               was, is, 100.0 * (is / was - 1.0));
    return {};
}

}  // namespace

Result<void> run_disk(const PlannedModel& model) {
    for (const uint64_t budget : model.budgets()) HEARTH_TRY_VOID(disk_one(model, budget));
    return {};
}

}  // namespace hearth::bench
