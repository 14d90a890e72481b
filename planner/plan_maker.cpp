#include "planner/plan_maker.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <utility>

#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/printable.h"
#include "engine/base/thread_pool.h"
#include "engine/default_plan.h"
#include "engine/model/predictor_file.h"
#include "engine/neuron/pack.h"
#include "planner/compute_rates.h"
#include "planner/model_trial.h"
#include "planner/pack_writer.h"
#include "planner/placement.h"
#include "planner/plan_from_solution.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMaxFileBytes = size_t{64} << 20;
constexpr double kTraceSeconds = 4.0;
constexpr double kPatientSeconds = 300.0;  // where nobody waits
constexpr uint64_t kMostTraceBytes = uint64_t{128} << 20;
constexpr uint64_t kTraceShare = 40;  // of the budget
constexpr double kObserveSeconds = 0.6;
constexpr size_t kObserveRounds = 3;
constexpr double kObserveBound = 2.0;  // seconds, after which no further round begins
constexpr size_t kRounds = 3;          // of trying a plan out and solving again

// A plan that was tried out is given up for one that is predicted to be this much faster.
constexpr double kWorthTrying = 1.03;

// What a pack places in front at least and at most; the rest by lanes.
constexpr double kLeastHot = 0.25;
constexpr double kMostHot = 0.6;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string now_text() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.tm_year + 1900, local.tm_mon + 1,
                       local.tm_mday, local.tm_hour, local.tm_min);
}

std::string short_name(const ModelIdentity& identity) {
    return identity.hex().substr(0, 12);
}

Result<void> write_text(const std::string& path, const std::string& text) {
    return write_file_atomically(path, std::as_bytes(std::span(text)));
}

bool is_newer(const std::string& path, const std::string& than) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(path, error);
    return !error && time > std::filesystem::last_write_time(than, error);
}

std::string describe(const ModelProfile& profile) {
    const ModelSizes& sizes = profile.sizes;
    const double gib = static_cast<double>(sizes.fixed_bytes() + sizes.ffn_bytes()) / (1 << 30);
    std::string text = fmt::format("{} layers · {} neurons · {:.2f} GiB", sizes.n_layers,
                                   sizes.n_sections() * sizes.d_ff, gib);
    if (!profile.active.empty()) {
        text += fmt::format(" · {:.1f} % active", 100.0 * profile.active_fraction());
    }
    return text;
}

std::string describe(const Solution& solution) {
    const PlanSetting& setting = solution.setting;
    return fmt::format("{}, {}, {} thread{} · expected {:.1f} tok/s", to_string(setting.placement),
                       to_string(setting.mode), setting.n_threads,
                       setting.n_threads == 1 ? "" : "s", solution.cost.tokens_per_second());
}

}  // namespace

PlanMaker::PlanMaker(const Gguf& gguf, ModelConfig config, const ModelIdentity& identity,
                     PlanMakerOptions options)
    : gguf_(gguf), config_(std::move(config)), identity_(identity), options_(std::move(options)) {}

Result<PlanMaker> PlanMaker::create(const Gguf& gguf, PlanMakerOptions options) {
    HEARTH_TRY(ModelConfig config, read_model_config(gguf));
    HEARTH_TRY(const ModelIdentity identity, identify_model(gguf));
    return PlanMaker(gguf, std::move(config), identity, std::move(options));
}

std::string PlanMaker::profile_path() const {
    return fmt::format("{}/{}.model.json", options_.folder, short_name(identity_));
}

std::string PlanMaker::plan_path(const PlanInputs& inputs) const {
    return fmt::format("{}/{}-{}m-{}-{}-{}-{:.1f}.plan.json", options_.folder,
                       short_name(identity_), inputs.budget_bytes >> 20, inputs.n_ctx,
                       inputs.sparsity ? to_string(*inputs.sparsity) : std::string_view("auto"),
                       inputs.n_threads.value_or(0), inputs.min_speed);
}

void PlanMaker::note(const Error& error) const {
    log("{}", error.message);
    if (options_.on_note) options_.on_note(error.message);
}

std::optional<Pack> PlanMaker::open_pack() const {
    if (options_.pack_path.empty()) return std::nullopt;
    auto pack = Pack::open(options_.pack_path);
    if (!pack || !pack->check_model(identity_, gguf_.path())) return std::nullopt;
    return *std::move(pack);
}

std::optional<PlanFile> PlanMaker::find(const PlanInputs& inputs) const {
    const std::string path = plan_path(inputs);
    if (!std::filesystem::exists(path)) return std::nullopt;
    const auto text = read_text_file(path, kMaxFileBytes);
    auto file = text ? parse_plan_file(*text, path) : tl::unexpected(text.error());
    const auto device = identify_device(options_.folder);
    if (file && device) {
        const auto holds = check_made_for(*file, path, *device, identity_.hex(), inputs);
        if (!holds) file = tl::unexpected(holds.error());
    }
    if (!file) {
        note(file.error());
        return std::nullopt;
    }
    const std::string& predictors = file->plan.predictor_path;
    if (!predictors.empty() && !std::filesystem::exists(predictors)) return std::nullopt;
    const bool by_neuron = file->plan.placement == FfnPlacement::by_neuron;
    if (by_neuron && !open_pack()) return std::nullopt;
    if (!by_neuron && is_newer(options_.pack_path, path) && open_pack()) return std::nullopt;
    if (by_neuron) {
        if (const auto profile = kept_profile()) file->plan.firing_rates = profile->demand();
    }
    return *std::move(file);
}

Result<DeviceProfile> PlanMaker::device(const PlanInputs& inputs, bool measures_again) const {
    HEARTH_TRY(const DeviceIdentity identity, identify_device(options_.folder));
    const std::string path = device_path();
    if (!measures_again && std::filesystem::exists(path)) {
        const auto text = read_text_file(path, kMaxFileBytes);
        auto kept = text ? parse_device_profile(*text, path) : tl::unexpected(text.error());
        if (kept && kept->identity == identity) return kept;
        if (!kept) note(kept.error());
    }
    const uint64_t memory = inputs.budget_bytes != 0
                                ? std::min(inputs.budget_bytes, identity.memory_bytes)
                                : identity.memory_bytes;
    HEARTH_TRY(const DeviceProfile profile,
               measure_device(options_.folder, memory, options_.on_progress));
    HEARTH_TRY_VOID(write_text(path, to_json(profile)));
    return profile;
}

std::optional<ModelProfile> PlanMaker::kept_profile() const {
    const std::string path = profile_path();
    if (!std::filesystem::exists(path)) return std::nullopt;
    const auto text = read_text_file(path, kMaxFileBytes);
    auto kept = text ? parse_model_profile(*text, path) : tl::unexpected(text.error());
    if (kept && kept->identity == identity_.hex()) return *std::move(kept);
    if (!kept) note(kept.error());
    return std::nullopt;
}

Result<void> PlanMaker::learn(const FiringCounts& conversations) const {
    auto profile = kept_profile();
    if (!profile || conversations.n_tokens() == 0) return {};
    profile->learn(conversations);
    return write_text(profile_path(), to_json(*profile));
}

// Of the model, with the pack and the predictors that are there now.
Result<ModelSizes> PlanMaker::sizes() const {
    HEARTH_TRY(ModelSizes sizes, model_sizes(gguf_, config_));
    if (options_.pack_path.empty()) return sizes;
    if (const auto pack = open_pack()) use_pack(sizes, *pack);
    const std::string predictors = predictor_path_beside(options_.pack_path);
    if (!sizes.has_predictors && config_.is_sparse() && std::filesystem::exists(predictors)) {
        HEARTH_TRY_VOID(use_predictors(sizes, predictors, config_));
    }
    return sizes;
}

// Traces what fires and, where all of the model is in memory, observes how fast it decodes.
Result<PlanMaker::Measured> PlanMaker::measure_model(const PlanInputs& inputs,
                                                     const DeviceProfile& device,
                                                     ModelProfile known,
                                                     double trace_seconds) const {
    const auto begin = Clock::now();
    StepProgress progress(PlanStep::model, options_.on_progress);
    Measured measured{std::move(known)};
    ModelProfile& profile = measured.profile;
    profile.identity = identity_.hex();
    HEARTH_TRY(profile.sizes, sizes());
    PlanRequest request;
    request.budget_bytes = inputs.budget_bytes;
    request.n_ctx = inputs.n_ctx;
    HEARTH_TRY(const Plan plan, default_plan(gguf_, request));
    HEARTH_TRY(ModelTrial trial, ModelTrial::open(gguf_.path(), plan, progress, 0.0, 0.3));
    profile.name = trial.model().name();
    if (config_.is_sparse()) {
        const uint64_t max_bytes =
            inputs.budget_bytes == 0 ? kMostTraceBytes
                                     : std::min(kMostTraceBytes, inputs.budget_bytes / kTraceShare);
        HEARTH_TRY(measured.trace, trial.trace(max_bytes, trace_seconds, progress, 0.3, 0.6));
        profile.learn(*measured.trace);
        profile.is_complete = measured.trace->n_tokens() >= trial.n_text_tokens();
        HEARTH_TRY(profile.hit_rate, HitRateCurve::measure(*measured.trace, progress, 0.6, 0.8));
    }
    if (plan.placement == FfnPlacement::resident) {
        HEARTH_TRY_VOID(observe_in_memory(trial, device, profile, progress));
    }
    // What was measured is worth keeping, whatever becomes of the plan.
    HEARTH_TRY_VOID(write_text(profile_path(), to_json(profile)));
    HEARTH_TRY_VOID(progress.done(seconds_since(begin), describe(profile)));
    return measured;
}

// Every lossless mode with every number of threads: there is nothing left to model. In rounds, of
// which the fastest counts: other work on the machine comes in bursts.
Result<void> PlanMaker::observe_in_memory(const ModelTrial& trial, const DeviceProfile& device,
                                          ModelProfile& profile, StepProgress& progress) const {
    const bool by_rows =
        config_.is_sparse() && profile.sizes.down_is_transposed && config_.n_experts == 0;
    std::vector<Observation> best;
    for (const size_t n : thread_counts(device.identity.n_cores, device.classes)) {
        best.push_back({.setting = {.mode = SparsityMode::dense, .n_threads = n}});
        if (by_rows) best.push_back({.setting = {.mode = SparsityMode::exact, .n_threads = n}});
    }
    const auto begin = Clock::now();
    for (size_t round = 0; round < kObserveRounds; ++round) {
        // A large model's tokens take their time: once must do.
        if (seconds_since(begin) > kObserveBound) break;
        for (Observation& one : best) {
            HEARTH_TRY_VOID(progress.report(
                0.8 + 0.2 * static_cast<double>(round) / kObserveRounds,
                fmt::format("decoding, {}, {} thread{}", to_string(one.setting.mode),
                            one.setting.n_threads, one.setting.n_threads == 1 ? "" : "s")));
            HEARTH_TRY(const Observation seen,
                       trial.observe(one.setting, kObserveSeconds / kObserveRounds));
            if (one.n_tokens == 0 || seen.seconds < one.seconds) one = seen;
        }
    }
    for (const Observation& one : best) profile.learn(one);
    return {};
}

Result<Solution> PlanMaker::solve_for(const PlanInputs& inputs, const DeviceProfile& device,
                                      const ModelProfile& profile, const MemoryNeeds& needs,
                                      bool may_use_pack) const {
    SolveRequest request;
    request.budget_bytes = inputs.budget_bytes;
    request.sparsity = inputs.sparsity;
    request.n_threads = inputs.n_threads;
    request.min_speed = inputs.min_speed;
    request.may_use_pack = may_use_pack;
    return solve(device, profile, BaseMemory::of(needs), request);
}

// Asks, with what is known of it, whoever is there to be asked.
Result<bool> PlanMaker::may_write_pack(const PlanInputs& inputs, const DeviceProfile& device,
                                       const ModelProfile& profile, const MemoryNeeds& needs,
                                       const Solution& with) const {
    if (!options_.may_write_pack) return true;
    const size_t alignment =
        choose_alignment(device.storage, CostModel(device, profile).record_bytes(true));
    HEARTH_TRY(PackOffer offer,
               offer_pack(gguf_, config_, options_.pack_path, alignment, usable_cores()));
    offer.tokens_per_second = with.cost.tokens_per_second();
    const auto without = solve_for(inputs, device, profile, needs, false);
    if (without) offer.speed_without = without->cost.tokens_per_second();
    return options_.may_write_pack(offer);
}

Result<void> PlanMaker::write_missing_pack(const DeviceProfile& device, const Measured& model,
                                           const PlanSetting& setting,
                                           StepProgress& progress) const {
    HEARTH_TRY_VOID(progress.report(0.0, "placing neurons"));
    PackOptions pack;
    pack.path = options_.pack_path;
    pack.n_threads = usable_cores();
    pack.alignment =
        choose_alignment(device.storage, CostModel(device, model.profile).record_bytes(true));
    const PlacementRules rules{
        .hot_share = std::clamp(setting.hot_share + setting.cache_share, kLeastHot, kMostHot)};
    if (model.trace) {
        ThreadPool pool(pack.n_threads);
        pack.placement = place_by_trace(*model.trace, rules, pool);
    } else {
        pack.placement = place_by_rates(model.profile.firing_rates, rules);
    }
    Result<void> told;
    pack.on_progress = [&](uint64_t done, uint64_t total) {
        const double share = static_cast<double>(done) / static_cast<double>(total);
        told =
            progress.report(0.6 * share, fmt::format("packing neurons, {:.0f} %", 100.0 * share));
        return told.has_value();
    };
    const auto written = write_pack(gguf_, config_, pack);
    if (!told) return told;
    if (!written) return tl::unexpected(written.error());
    return {};
}

// Runs the plan, corrects the cost model by what was seen, and solves again, until the best plan is
// one that was tried.
Result<Solution> PlanMaker::try_out(const PlanInputs& inputs, const DeviceProfile& device,
                                    const MemoryNeeds& needs, Solution solution,
                                    ModelProfile& profile, StepProgress& progress) const {
    for (size_t round = 0; round < kRounds; ++round) {
        const auto is_seen = [&](const Observation& seen) {
            return are_alike(seen.setting, solution.setting);
        };
        if (std::any_of(profile.observations.begin(), profile.observations.end(), is_seen)) break;
        const double share = 0.6 + 0.4 * static_cast<double>(round) / kRounds;
        HEARTH_TRY_VOID(progress.report(share, "trying: " + describe(solution)));
        const Plan plan = plan_from_solution(inputs, device, profile, solution,
                                             stream_plan(needs.weights), options_.pack_path);
        HEARTH_TRY(ModelTrial trial, ModelTrial::open(gguf_.path(), plan, progress, share, share));
        HEARTH_TRY(const Observation seen, trial.observe(solution.setting, kObserveSeconds));
        profile.learn(seen);
        // A pack that was not wanted before is not written for what was learned since.
        HEARTH_TRY(Solution next,
                   solve_for(inputs, device, profile, needs, open_pack().has_value()));
        const TokenCost tried = CostModel(device, profile).cost(solution.setting);
        const bool stays = next.cost.tokens_per_second() < kWorthTrying * tried.tokens_per_second();
        if (inputs.min_speed == 0.0 && stays) {
            solution.cost = tried;
            solution.alternatives = std::move(next.alternatives);
            break;
        }
        solution = std::move(next);
    }
    return solution;
}

Result<void> PlanMaker::refine(const PlanInputs& inputs) {
    HEARTH_TRY(const DeviceProfile device_profile, device(inputs, false));
    auto profile = kept_profile();
    const bool is_complete = profile && (profile->is_complete || !config_.is_sparse());
    if (is_complete && find(inputs)) return {};
    if (!is_complete) {
        HEARTH_TRY(Measured measured,
                   measure_model(inputs, device_profile, profile.value_or(ModelProfile()),
                                 kPatientSeconds));
        profile = std::move(measured.profile);
    }
    HEARTH_TRY(const MemoryNeeds needs,
               memory_needs(gguf_, config_, inputs.n_ctx, inputs.n_threads.value_or(0)));
    HEARTH_TRY(const Solution solution,
               solve_for(inputs, device_profile, *profile, needs, !options_.pack_path.empty()));
    if (solution.setting.placement == FfnPlacement::by_neuron && !open_pack()) return {};
    HEARTH_TRY_VOID(make(inputs, false));
    return {};
}

Result<PlanFile> PlanMaker::make(const PlanInputs& inputs, bool measures_again) {
    HEARTH_TRY(const DeviceProfile device_profile, device(inputs, measures_again));
    Measured model;
    if (auto kept = measures_again ? std::nullopt : kept_profile()) {
        model.profile = *std::move(kept);
        HEARTH_TRY(model.profile.sizes, sizes());
    } else {
        HEARTH_TRY(model, measure_model(inputs, device_profile, {}, kTraceSeconds));
    }
    const auto begin = Clock::now();
    StepProgress progress(PlanStep::plan, options_.on_progress);
    HEARTH_TRY_VOID(progress.report(0.0));
    HEARTH_TRY(const MemoryNeeds needs,
               memory_needs(gguf_, config_, inputs.n_ctx, inputs.n_threads.value_or(0)));
    HEARTH_TRY(Solution solution, solve_for(inputs, device_profile, model.profile, needs,
                                            !options_.pack_path.empty()));
    if (solution.setting.placement == FfnPlacement::by_neuron && !open_pack()) {
        HEARTH_TRY(const bool may_write,
                   may_write_pack(inputs, device_profile, model.profile, needs, solution));
        if (may_write) {
            HEARTH_TRY_VOID(write_missing_pack(device_profile, model, solution.setting, progress));
        } else {
            options_.pack_path.clear();  // "no pack may be"
            HEARTH_TRY(model.profile.sizes, sizes());
            HEARTH_TRY(solution, solve_for(inputs, device_profile, model.profile, needs, false));
        }
    }
    model.trace.reset();
    HEARTH_TRY(solution, try_out(inputs, device_profile, needs, std::move(solution), model.profile,
                                 progress));
    PlanFile file;
    file.device = device_profile.identity;
    file.model_identity = identity_.hex();
    file.model_name = model.profile.name;
    file.made_at = now_text();
    file.inputs = inputs;
    file.plan = plan_from_solution(inputs, device_profile, model.profile, solution,
                                   stream_plan(needs.weights), options_.pack_path);
    file.setting = solution.setting;
    file.predicted = solution.cost;
    file.memory = solution.memory;
    file.alternatives = solution.alternatives;
    file.basis = basis_of(device_profile, model.profile, solution.setting);
    HEARTH_TRY_VOID(write_text(profile_path(), to_json(model.profile)));
    HEARTH_TRY_VOID(write_text(plan_path(inputs), to_json(file)));
    HEARTH_TRY_VOID(progress.done(seconds_since(begin), describe(solution)));
    return file;
}

}  // namespace hearth
