#include "app/planning.h"

#include <signal.h>

#include <algorithm>
#include <bit>

#include "app/generation.h"
#include "app/memory_budget.h"
#include "app/pack_file.h"
#include "app/plan_lines.h"
#include "app/progress.h"
#include "engine/base/log.h"
#include "engine/default_plan.h"
#include "engine/model/config.h"
#include "engine/neuron/model_identity.h"

namespace hearth {
namespace {

// Of the highest power of two in what is free.
constexpr uint64_t kBudgetSteps = 8;

// What planning beside a loaded model leaves free: it must not push that out of memory.
constexpr uint64_t kSpareBytes = uint64_t{512} << 20;

uint64_t round_down(uint64_t free_bytes) {
    const uint64_t step = std::max<uint64_t>(1, std::bit_floor(free_bytes) / kBudgetSteps);
    return free_bytes / step * step;
}

enum class Stopped { no, skipped, ended };

// Looks at the signals between two steps of work.
class SignalWatch {
  public:
    explicit SignalWatch(SignalFd& signals) : signals_(signals) {}

    bool goes_on() {
        while (const auto signal = signals_.next()) {
            if (*signal == SIGINT) stopped_ = Stopped::skipped;
            if (*signal == SIGTERM || *signal == SIGHUP || *signal == SIGQUIT) {
                stopped_ = Stopped::ended;
            }
        }
        return stopped_ == Stopped::no;
    }
    Stopped stopped() const { return stopped_; }

  private:
    SignalFd& signals_;
    Stopped stopped_ = Stopped::no;
};

}  // namespace

Result<PlanInputs> plan_inputs(const Gguf& gguf, const Options& options) {
    PlanInputs inputs;
    inputs.n_ctx = options.n_ctx;
    inputs.sparsity = options.sparsity;
    if (options.n_threads != 0) inputs.n_threads = options.n_threads;
    HEARTH_TRY(inputs.budget_bytes, resolve(options.memory));
    if (options.memory.kind == MemoryLimit::Kind::automatic) {
        inputs.budget_bytes = round_down(inputs.budget_bytes);
    }
    if (options.memory.kind != MemoryLimit::Kind::none) return inputs;
    const auto machine = machine_memory();
    if (!machine) return inputs;  // as it does not say, all of the model
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    HEARTH_TRY(const MemoryNeeds needs,
               memory_needs(gguf, config, options.n_ctx, options.n_threads));
    if (needs.everything() > machine->available_bytes) {
        inputs.budget_bytes = round_down(machine->available_bytes);
    }
    return inputs;
}

Result<PlanMaker> open_planner(const Gguf& gguf, const DataDir& data_dir,
                               const PlanningHooks& hooks) {
    HEARTH_TRY_VOID(data_dir.create_plans());
    HEARTH_TRY(const ModelIdentity identity, identify_model(gguf));
    PlanMakerOptions options;
    options.folder = data_dir.plans();
    options.pack_path = default_pack_path(data_dir, gguf, identity);
    options.on_progress = hooks.on_progress;
    options.on_note = hooks.on_note;
    options.may_write_pack = hooks.may_write_pack;
    return PlanMaker::create(gguf, std::move(options));
}

Result<bool> can_plan_beside(const Gguf& gguf, const PlanInputs& inputs) {
    HEARTH_TRY(const MachineMemory memory, machine_memory());
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    HEARTH_TRY(const MemoryNeeds needs,
               memory_needs(gguf, config, inputs.n_ctx, inputs.n_threads.value_or(0)));
    const uint64_t most = inputs.budget_bytes != 0
                              ? std::min(inputs.budget_bytes, needs.everything())
                              : needs.everything();
    if (inputs.budget_bytes != 0 && inputs.budget_bytes / 2 < most) return false;
    return memory.available_bytes > most + kSpareBytes;
}

Result<std::optional<Plan>> plan_for_launch(const std::string& model_path, const Options& options,
                                            const DataDir& data_dir, bool may_measure,
                                            const PlanningHooks& hooks) {
    HEARTH_TRY(const Gguf gguf, Gguf::open(model_path));
    HEARTH_TRY(const PlanInputs inputs, plan_inputs(gguf, options));
    auto planner = open_planner(gguf, data_dir, hooks);
    if (!planner) {  // a home that cannot be written: no plans
        log("{}", planner.error().message);
        return std::nullopt;
    }
    if (auto kept = planner->find(inputs)) return std::optional(std::move(kept->plan));
    if (!may_measure || !options.makes_plans) return std::nullopt;
    if (hooks.on_measuring) hooks.on_measuring();
    auto made = planner->make(inputs, false);
    if (made) return std::optional(std::move(made->plan));
    if (made.error().code == ErrorCode::cancelled) return tl::unexpected(made.error());
    // The engine's own plan may do, or says better what is wrong with the model.
    log("no plan: {}", made.error().message);
    return std::nullopt;
}

Result<std::optional<Plan>> plan_on_lines(const std::string& model_path, const Program& program,
                                          SignalFd& signals) {
    if (!program.data_dir) return std::nullopt;
    PlanLines lines(program.err, program.environment.term);
    SignalWatch watch(signals);
    PlanningHooks hooks;
    hooks.on_progress = [&](const PlanProgress& progress) {
        lines.show(progress);
        return watch.goes_on();
    };
    hooks.on_note = [&](const std::string& line) { lines.note("hearth: " + line); };
    hooks.on_measuring = [&] { lines.note(kMeasuringOnce); };
    hooks.may_write_pack = [&](const PackOffer& offer) {
        lines.note("going without a pack (hearth pack writes it: " + describe(offer) + ")");
        return false;
    };
    auto plan = plan_for_launch(model_path, program.options, *program.data_dir,
                                program.err.is_terminal(), hooks);
    lines.clear();
    if (watch.stopped() != Stopped::skipped) return plan;
    lines.note(kMeasuringSkipped);
    return std::nullopt;
}

std::string describe(const PackOffer& offer) {
    std::string text = fmt::format("{}, about {} to write; expected {:.1f} tok/s with it",
                                   format_bytes(offer.bytes), format_seconds(offer.seconds),
                                   offer.tokens_per_second);
    if (offer.speed_without) text += fmt::format(", {:.1f} without", *offer.speed_without);
    return text;
}

}  // namespace hearth
