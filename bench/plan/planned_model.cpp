#include "bench/plan/planned_model.h"

#include <fmt/format.h>

#include <filesystem>

#include "bench/bench.h"
#include "engine/base/file.h"
#include "engine/model/config.h"
#include "planner/memory_model.h"
#include "planner/model_trial.h"
#include "planner/plan_from_solution.h"

namespace hearth::bench {
namespace {

constexpr size_t kMaxFileBytes = size_t{64} << 20;
constexpr double kElse = 0.1;  // of the FFN: what a capped process gets for all that is no weight

}  // namespace

PlannedModel::PlannedModel(const PlanBenchOptions& options, Gguf gguf, const MemoryNeeds& needs,
                           std::string pack_path)
    : options_(options),
      gguf_(std::move(gguf)),
      needs_(needs),
      pack_path_(std::move(pack_path)),
      budgets_(options.budgets) {
    const auto ffn = static_cast<double>(needs_.weights.ffn_bytes());
    for (const double cap : options.caps) {
        budgets_.push_back(needs_.fixed() + static_cast<uint64_t>((cap / 100.0 + kElse) * ffn));
    }
    if (budgets_.empty()) budgets_ = {0};
}

Result<PlannedModel> PlannedModel::open(const PlanBenchOptions& options) {
    std::filesystem::create_directories(options.folder);
    HEARTH_TRY(Gguf gguf, Gguf::open(options.model));
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    HEARTH_TRY(const MemoryNeeds needs, memory_needs(gguf, config, options.n_ctx, 0));
    HEARTH_TRY(const ModelIdentity identity, identify_model(gguf));
    std::string pack = fmt::format("{}/{}.pack", options.folder, identity.hex().substr(0, 12));
    return PlannedModel(options, std::move(gguf), needs, std::move(pack));
}

PlanInputs PlannedModel::inputs(uint64_t budget_bytes) const {
    PlanInputs inputs;
    inputs.budget_bytes = budget_bytes;
    inputs.n_ctx = options_.n_ctx;
    inputs.sparsity = options_.sparsity;
    return inputs;
}

Result<MadePlan> PlannedModel::make(const PlanInputs& inputs, const std::string& folder,
                                    bool again) const {
    std::filesystem::create_directories(folder);
    PlanMakerOptions options;
    options.folder = folder;
    options.pack_path = pack_path_;
    HEARTH_TRY(PlanMaker maker, PlanMaker::create(gguf_, std::move(options)));
    Result<PlanFile> file;
    MadePlan made;
    made.seconds = seconds([&] { file = maker.make(inputs, again); });
    if (!file) return tl::unexpected(file.error());
    made.file = *std::move(file);
    made.found_seconds = seconds([&] { (void)maker.find(inputs); });
    const std::string device_path = folder + "/device.json";
    HEARTH_TRY(const std::string device, read_text_file(device_path, kMaxFileBytes));
    HEARTH_TRY(made.device, parse_device_profile(device, device_path));
    HEARTH_TRY(const std::string profile, read_text_file(maker.profile_path(), kMaxFileBytes));
    HEARTH_TRY(made.profile, parse_model_profile(profile, maker.profile_path()));
    return made;
}

Result<double> PlannedModel::speed(const MadePlan& plan, const PlanSetting& setting) const {
    const CostModel cost(plan.device, plan.profile);
    const StreamPlan stream = stream_plan(needs_.weights);
    const MemoryModel memory(plan.profile.sizes, BaseMemory::of(needs_), cost);
    const Solution solution{setting, cost.cost(setting), memory.use(setting), {}};
    const Plan how = plan_from_solution(plan.file.inputs, plan.device, plan.profile, solution,
                                        stream, pack_path_);
    const PlanProgressSink nobody;
    StepProgress progress(PlanStep::plan, nobody);
    HEARTH_TRY(const ModelTrial trial, ModelTrial::open(gguf_.path(), how, progress, 0.0, 1.0));
    HEARTH_TRY(const Observation seen, trial.observe(setting, options_.seconds));
    return 1.0 / seen.seconds;
}

std::optional<PlanSetting> PlannedModel::fit(const MadePlan& plan, PlanSetting setting,
                                             uint64_t budget_bytes) const {
    const CostModel cost(plan.device, plan.profile);
    const MemoryModel memory(plan.profile.sizes, BaseMemory::of(needs_), cost);
    const uint64_t limit = budget_bytes != 0 ? budget_bytes : uint64_t{1} << 50;
    return memory.fit(setting, limit) ? std::optional(setting) : std::nullopt;
}

Result<Solution> PlannedModel::solve(const MadePlan& plan, uint64_t budget_bytes) const {
    SolveRequest request;
    request.budget_bytes = budget_bytes;
    request.sparsity = options_.sparsity;
    return hearth::solve(plan.device, plan.profile, BaseMemory::of(needs_), request);
}

std::string describe(const PlanSetting& setting) {
    std::string text = fmt::format("{} {} {} threads", to_string(setting.placement),
                                   to_string(setting.mode), setting.n_threads);
    if (setting.placement == FfnPlacement::resident) return text;
    text += fmt::format(", {:.0f} % hot", 100.0 * setting.hot_share);
    if (setting.placement == FfnPlacement::by_layer) return text;
    text += fmt::format(" + {:.0f} % cached, depth {}", 100.0 * setting.cache_share,
                        setting.queue_depth);
    if (!setting.gates_resident) return text + ", gates fetched";
    return setting.gates_kept < 1.0
               ? text + fmt::format(", {:.0f} % of gates", 100.0 * setting.gates_kept)
               : text;
}

}  // namespace hearth::bench
