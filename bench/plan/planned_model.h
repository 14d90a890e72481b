// PlannedModel: a model file with its planner, for the modes of bench_plan: plans are made, and
// settings are run as the program would run them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/default_plan.h"
#include "engine/gguf/gguf.h"
#include "planner/plan_maker.h"
#include "planner/plan_setting.h"

namespace hearth::bench {

struct PlanBenchOptions {
    std::string model;
    std::string folder = "bench_plan.tmp";  // of profiles, plans and the pack; kept
    std::vector<uint64_t> budgets;          // bytes; 0 = no limit
    std::vector<double> caps;               // percent of the FFN that may be held
    std::vector<double> speeds;             // tokens per second, for min-speed
    std::optional<SparsityMode> sparsity;
    size_t n_ctx = 1024;
    double seconds = 1.0;  // of decoding per setting and round
    size_t rounds = 3;     // of the best settings
    size_t times = 2;      // of planning, for twice
    uint64_t disk_bytes_per_second = 600 << 20;
    uint64_t disk_reads_per_second = 20000;
};

// What making a plan took and what became of it.
struct MadePlan {
    PlanFile file;
    DeviceProfile device;
    ModelProfile profile;
    double seconds = 0.0;        // to make it
    double found_seconds = 0.0;  // to find it again
};

class PlannedModel {
  public:
    // The budgets of the options, caps turned into bytes, none = no limit.
    static Result<PlannedModel> open(const PlanBenchOptions& options);

    // `folder` keeps profiles and plans; the pack is shared by all folders.
    Result<MadePlan> make(const PlanInputs& inputs, const std::string& folder, bool again) const;
    Result<MadePlan> make(const PlanInputs& inputs) const {
        return make(inputs, options_.folder, false);
    }

    // Tokens per second of a setting, the model opened anew.
    Result<double> speed(const MadePlan& plan, const PlanSetting& setting) const;
    // The setting with as much memory as the budget leaves; nullopt where it does not fit.
    std::optional<PlanSetting> fit(const MadePlan& plan, PlanSetting setting,
                                   uint64_t budget_bytes) const;
    // What the solver would choose from the plan's profiles.
    Result<Solution> solve(const MadePlan& plan, uint64_t budget_bytes) const;

    PlanInputs inputs(uint64_t budget_bytes) const;
    const std::vector<uint64_t>& budgets() const { return budgets_; }
    const PlanBenchOptions& options() const { return options_; }
    const MemoryNeeds& needs() const { return needs_; }

  private:
    PlannedModel(const PlanBenchOptions& options, Gguf gguf, const MemoryNeeds& needs,
                 std::string pack_path);

    PlanBenchOptions options_;
    Gguf gguf_;
    MemoryNeeds needs_;
    std::string pack_path_;
    std::vector<uint64_t> budgets_;
};

// "by_neuron exact 2 threads, 25 % hot + 8 % cached, depth 128"
std::string describe(const PlanSetting& setting);

// The modes.
Result<void> run_sweep(const PlannedModel& model);
Result<void> run_min_speed(const PlannedModel& model);
Result<void> run_twice(const PlannedModel& model);
Result<void> run_disk(const PlannedModel& model);

}  // namespace hearth::bench
