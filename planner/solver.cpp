#include "planner/solver.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/base/printable.h"
#include "planner/compute_rates.h"

namespace hearth {
namespace {

// Deepest first: of depths that are predicted alike the deeper one was never slower (bench_plan).
constexpr std::array<size_t, 5> kDepths{128, 64, 32, 16, 8};
constexpr double kHotStep = 0.05;
constexpr uint64_t kNoLimit = uint64_t{1} << 60;

// A setting must be this much better to be taken over one tried before: equal ones would change
// places with the noise of a measurement. Simpler ones are tried first.
constexpr double kClearlyFaster = 1.005;

// So much for one with fewer reads in flight: what a read costs the processor at each depth is
// known to some percent only.
constexpr double kFasterWithFewer = 1.03;

// Memory for a wanted speed is found to this share.
constexpr double kMemoryStep = 0.01;

// What is aimed at where a speed is wanted: predictions are off by some percent.
constexpr double kSpeedReserve = 1.03;

double gib(uint64_t bytes) {
    return static_cast<double>(bytes) / (uint64_t{1} << 30);
}

class Search {
  public:
    Search(const DeviceProfile& device, const ModelProfile& model, const BaseMemory& base,
           const SolveRequest& request)
        : device_(device),
          model_(model),
          request_(request),
          cost_(device, model),
          memory_(model.sizes, base, cost_) {}

    // The fastest within the budget; nothing where none fits.
    std::optional<Solution> fastest(uint64_t budget_bytes) {
        best_.reset();
        seen_.clear();
        for (const SparsityMode mode : modes()) {
            why_not_ = why_not(mode);
            for (const size_t n_threads : threads()) {
                for (const FfnPlacement placement : placements(mode)) {
                    try_placement({.placement = placement, .mode = mode, .n_threads = n_threads},
                                  budget_bytes);
                    // What is in memory is not read: nothing that streams can be faster.
                    if (placement == FfnPlacement::resident && most_budget() <= budget_bytes) break;
                }
            }
        }
        if (!best_) return std::nullopt;
        return Solution{best_->setting, best_->cost, memory_.use(best_->setting), alternatives()};
    }

    // The least budget for which anything fits.
    uint64_t least_budget() {
        uint64_t least = kNoLimit;
        for (const SparsityMode mode : modes()) {
            if (!why_not(mode).empty()) continue;
            for (const FfnPlacement placement : placements(mode)) {
                const PlanSetting bare{.placement = placement,
                                       .mode = mode,
                                       .gates_resident = !may_fetch_gates(mode),
                                       .gates_kept = 0.0};
                least = std::min(least, memory_.use(bare).total());
            }
        }
        return least;
    }

    // What the request cannot be met for, whatever the memory.
    Result<void> check_request() const {
        const ModelSizes& sizes = model_.sizes;
        const auto refuse = [&](const char* reason) {
            return make_error(ErrorCode::usage, "{}: cannot run with --sparsity {}: {}",
                              printable(model_.name), to_string(*request_.sparsity), reason);
        };
        if (!request_.sparsity || *request_.sparsity == SparsityMode::dense) return {};
        if (!is_sparse()) return refuse("its FFN is not a ReLU one (dense works)");
        if (!rows_in_file() && !request_.may_use_pack) {
            return refuse("its neurons are not stored as rows and no pack may be written");
        }
        if (*request_.sparsity == SparsityMode::predicted && sizes.predictors.bytes == 0) {
            return refuse("it has no predictors (hearth pack --predictors makes some)");
        }
        return {};
    }

    // The whole model and its fixed part.
    uint64_t most_budget() const { return memory_.use(PlanSetting{}).total(); }

  private:
    struct Tried {
        PlanSetting setting;
        TokenCost cost;
    };

    bool is_sparse() const {
        return hearth::is_sparse(model_.sizes.activation) && !model_.hit_rate.is_empty();
    }

    // All that the model can do, those too that were not asked for: people want to know what they
    // would give.
    std::vector<SparsityMode> modes() const {
        if (!is_sparse()) return {SparsityMode::dense};
        std::vector<SparsityMode> modes;
        if (rows_in_file() || request_.may_use_pack) {
            modes.push_back(SparsityMode::exact);
            if (model_.sizes.predictors.bytes > 0) modes.push_back(SparsityMode::predicted);
        }
        modes.push_back(SparsityMode::dense);
        return modes;
    }

    // Why a mode is out of the question; "" = it is not.
    std::string why_not(SparsityMode mode) const {
        if (request_.sparsity && *request_.sparsity != mode) return "not what was asked for";
        if (!request_.sparsity && mode == SparsityMode::predicted) {
            return "may change answers: --sparsity predicted allows it";
        }
        return "";
    }

    // Whether the model file has what decode by neurons needs when all of it is in memory.
    bool rows_in_file() const {
        return model_.sizes.down_is_transposed && model_.sizes.n_experts == 0;
    }

    std::vector<FfnPlacement> placements(SparsityMode mode) const {
        if (mode == SparsityMode::dense) return {FfnPlacement::resident, FfnPlacement::by_layer};
        std::vector<FfnPlacement> placements;
        if (rows_in_file()) placements.push_back(FfnPlacement::resident);
        if (request_.may_use_pack) placements.push_back(FfnPlacement::by_neuron);
        return placements;
    }

    std::vector<size_t> threads() const {
        if (request_.n_threads) return {*request_.n_threads};
        return thread_counts(device_.identity.n_cores, device_.classes);
    }

    static bool may_fetch_gates(SparsityMode mode) { return mode == SparsityMode::predicted; }

    void try_placement(PlanSetting setting, uint64_t budget_bytes) {
        if (setting.placement != FfnPlacement::by_neuron) return try_one(setting, budget_bytes);
        for (const bool gates : {true, false}) {
            if (!gates && !may_fetch_gates(setting.mode)) continue;
            for (const size_t depth : kDepths) {
                for (double hot = 0.0; hot < 1.0; hot += kHotStep) {
                    setting.gates_resident = gates;
                    setting.queue_depth = depth;
                    setting.hot_share = hot;
                    try_one(setting, budget_bytes);
                }
            }
        }
    }

    void try_one(PlanSetting setting, uint64_t budget_bytes) {
        if (!memory_.fit(setting, budget_bytes)) return;
        const Tried tried{setting, cost_.cost(setting)};
        const double speed = tried.cost.tokens_per_second();
        note("sparsity", std::string(to_string(setting.mode)), speed);
        if (!why_not_.empty()) return;
        note("threads", fmt::format("{}", setting.n_threads), speed);
        note("placement", std::string(to_string(setting.placement)), speed);
        if (setting.placement == FfnPlacement::by_neuron) {
            note("hot", hot_text(setting), speed);
            note("gates", gates_text(setting), speed);
            note("queue depth", fmt::format("{}", setting.queue_depth), speed);
        }
        const bool has_fewer = best_ && setting.queue_depth < best_->setting.queue_depth;
        const double needed = has_fewer ? kFasterWithFewer : kClearlyFaster;
        if (best_ && speed <= best_->cost.tokens_per_second() * needed) return;
        best_ = tried;
    }

    static std::string hot_text(const PlanSetting& setting) {
        return fmt::format("{:.0f} %", 100.0 * setting.hot_share);
    }
    static std::string gates_text(const PlanSetting& setting) {
        if (!setting.gates_resident) return "fetched";
        return setting.gates_kept < 1.0 ? "streamed in part" : "in memory";
    }

    struct Seen {
        double best = 0.0;  // tokens per second
        std::string why_not;
    };
    void note(const std::string& decision, const std::string& value, double speed) {
        Seen& seen = seen_[decision][value];
        seen.best = std::max(seen.best, speed);
        seen.why_not = why_not_;
    }

    std::vector<Alternative> alternatives() const {
        const PlanSetting& s = best_->setting;
        const std::map<std::string, std::string> chosen{
            {"threads", fmt::format("{}", s.n_threads)},
            {"sparsity", std::string(to_string(s.mode))},
            {"placement", std::string(to_string(s.placement))},
            {"hot", hot_text(s)},
            {"gates", gates_text(s)},
            {"queue depth", fmt::format("{}", s.queue_depth)}};
        std::vector<Alternative> all;
        for (const auto& [decision, values] : seen_) {
            const bool of_packs =
                decision == "hot" || decision == "gates" || decision == "queue depth";
            if (of_packs && s.placement != FfnPlacement::by_neuron) continue;
            for (const auto& [value, seen] : values) {
                all.push_back(
                    {decision, value, seen.best, chosen.at(decision) == value, seen.why_not});
            }
        }
        return all;
    }

    const DeviceProfile& device_;
    const ModelProfile& model_;
    const SolveRequest& request_;
    CostModel cost_;
    MemoryModel memory_;
    std::optional<Tried> best_;
    std::string why_not_;                                      // the mode that is tried now
    std::map<std::string, std::map<std::string, Seen>> seen_;  // by decision and value
};

tl::unexpected<Error> does_not_fit(const ModelProfile& model, uint64_t budget, uint64_t least) {
    return make_error(
        ErrorCode::machine,
        "{}: no plan fits into {:.2f} GiB, the least is {:.2f} GiB (--memory {:.2f}G, "
        "or a smaller --ctx)",
        printable(model.name), gib(budget), gib(least), gib(least) * 1.05 + 0.01);
}

// The least memory for a speed, by halving: more memory is never slower.
Result<Solution> least_memory(Search& search, const ModelProfile& model,
                              const SolveRequest& request) {
    uint64_t high = search.most_budget();
    if (request.budget_bytes != 0) high = std::min(high, request.budget_bytes);
    const auto reaches = [&](const std::optional<Solution>& solution) {
        return solution && solution->cost.tokens_per_second() >= request.min_speed * kSpeedReserve;
    };
    auto best = search.fastest(high);
    if (!best) return does_not_fit(model, high, search.least_budget());
    if (!reaches(best)) {
        return make_error(ErrorCode::machine,
                          "{}: {:.2f} tok/s cannot be had, the fastest plan is {:.2f} tok/s with "
                          "{:.2f} GiB (--min-speed {:.1f})",
                          printable(model.name), request.min_speed, best->cost.tokens_per_second(),
                          gib(best->memory.total()),
                          best->cost.tokens_per_second() / kSpeedReserve - 0.05);
    }
    uint64_t low = std::min(high, search.least_budget());
    while (static_cast<double>(high - low) > kMemoryStep * static_cast<double>(high)) {
        const uint64_t middle = low + (high - low) / 2;
        auto solution = search.fastest(middle);
        if (reaches(solution)) {
            best = std::move(solution);
            high = middle;
        } else {
            low = middle;
        }
    }
    return *std::move(best);
}

std::string memory_text(const MemoryUse& use) {
    const double size = gib(use.total());
    return size < 1.0 ? fmt::format("{:.0f} MiB", 1024.0 * size) : fmt::format("{:.2f} GiB", size);
}

// What other budgets would give, from the least to all of the model: shares of the way.
void add_other_budgets(Search& search, Solution& solution) {
    const uint64_t least = search.least_budget();
    const uint64_t most = std::max(least, search.most_budget());
    std::vector<Alternative> points;
    for (const double share : {0.1, 0.25, 0.5, 0.75, 1.0}) {
        const auto way = static_cast<double>(most - least) * share;
        const uint64_t budget = least + static_cast<uint64_t>(way);
        const auto other = search.fastest(budget);
        if (!other) continue;
        // What the plan has already is no alternative.
        const double ratio = gib(other->memory.total()) / gib(solution.memory.total());
        if (ratio > 0.98 && ratio < 1.02) continue;
        points.push_back(
            {"memory", memory_text(other->memory), other->cost.tokens_per_second(), false});
    }
    if (points.empty()) return;
    points.push_back(
        {"memory", memory_text(solution.memory), solution.cost.tokens_per_second(), true});
    solution.alternatives.insert(solution.alternatives.end(), points.begin(), points.end());
}

Result<Solution> find(Search& search, const ModelProfile& model, const SolveRequest& request) {
    HEARTH_TRY_VOID(search.check_request());
    if (request.min_speed > 0.0) return least_memory(search, model, request);
    const uint64_t budget = request.budget_bytes != 0 ? request.budget_bytes : kNoLimit;
    auto best = search.fastest(budget);
    if (!best) return does_not_fit(model, budget, search.least_budget());
    return *std::move(best);
}

}  // namespace

Result<Solution> solve(const DeviceProfile& device, const ModelProfile& model,
                       const BaseMemory& base, const SolveRequest& request) {
    Search search(device, model, base, request);
    HEARTH_TRY(Solution solution, find(search, model, request));
    add_other_budgets(search, solution);
    return solution;
}

}  // namespace hearth
