#include "planner/solver.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/base/printable.h"
#include "planner/compute_rates.h"

namespace hearth {
namespace {

constexpr std::array<size_t, 5> kDepths{8, 16, 32, 64, 128};
constexpr double kHotStep = 0.05;
constexpr uint64_t kNoLimit = uint64_t{1} << 60;

// A setting must be this much better to be taken over one tried before: equal ones would change
// places with the noise of a measurement. Simpler ones are tried first.
constexpr double kClearlyFaster = 1.005;

// Memory for a wanted speed is found to this share.
constexpr double kMemoryStep = 0.01;

// What is aimed at where a speed is wanted: predictions are off by some percent.
constexpr double kSpeedReserve = 1.03;

double gib(uint64_t bytes) {
    return static_cast<double>(bytes) / (uint64_t{1} << 30);
}

class Search {
  public:
    Search(const DeviceProfile& device, const ModelProfile& model, uint64_t fixed_bytes,
           uint64_t staging_bytes, const SolveRequest& request)
        : device_(device),
          model_(model),
          request_(request),
          cost_(device, model),
          memory_(model.sizes, fixed_bytes, staging_bytes, cost_) {}

    // The fastest within the budget; nothing where none fits.
    std::optional<Solution> fastest(uint64_t budget_bytes) {
        best_.reset();
        seen_.clear();
        for (const SparsityMode mode : modes()) {
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
            for (const FfnPlacement placement : placements(mode)) {
                for (const bool gates : {true, false}) {
                    if (!gates && !may_fetch_gates(mode)) continue;
                    least = std::min(least, memory_
                                                .use({.placement = placement,
                                                      .mode = mode,
                                                      .gates_resident = gates,
                                                      .gates_kept = 0.0})
                                                .total());
                }
            }
        }
        return least;
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

    std::vector<SparsityMode> modes() const {
        if (request_.sparsity) return {*request_.sparsity};
        std::vector<SparsityMode> modes;
        const bool by_rows = is_sparse() && model_.sizes.down_is_transposed;
        if (by_rows && model_.sizes.n_experts == 0) modes.push_back(SparsityMode::exact);
        // With a pack every ReLU model has its down rows transposed.
        if (is_sparse() && modes.empty() && request_.may_use_pack) {
            modes.push_back(SparsityMode::exact);
        }
        modes.push_back(SparsityMode::dense);
        return modes;
    }

    std::vector<FfnPlacement> placements(SparsityMode mode) const {
        std::vector<FfnPlacement> placements;
        const bool rows_in_file = model_.sizes.down_is_transposed && model_.sizes.n_experts == 0;
        if (mode == SparsityMode::dense || rows_in_file) {
            placements.push_back(FfnPlacement::resident);
        }
        if (mode == SparsityMode::dense) placements.push_back(FfnPlacement::by_layer);
        if (mode != SparsityMode::dense && is_sparse() && request_.may_use_pack) {
            placements.push_back(FfnPlacement::by_neuron);
        }
        return placements;
    }

    std::vector<size_t> threads() const {
        if (request_.n_threads) return {*request_.n_threads};
        auto counts = thread_counts(device_.identity.n_cores);
        // And the boundaries between core classes: the fast ones alone, with the next, ...
        size_t n = 0;
        for (const CoreClass& one : device_.classes) counts.push_back(n += one.cores.size());
        std::sort(counts.begin(), counts.end());
        counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
        std::erase_if(counts, [&](size_t count) { return count > device_.identity.n_cores; });
        return counts;
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
        note("threads", fmt::format("{}", setting.n_threads), speed);
        note("sparsity", std::string(to_string(setting.mode)), speed);
        note("placement", std::string(to_string(setting.placement)), speed);
        if (setting.placement == FfnPlacement::by_neuron) {
            note("hot", fmt::format("{:.0f} %", 100.0 * setting.hot_share), speed);
            note("gates", setting.gates_resident ? "in memory" : "fetched", speed);
            note("queue depth", fmt::format("{}", setting.queue_depth), speed);
        }
        if (best_ && speed <= best_->cost.tokens_per_second() * kClearlyFaster) return;
        best_ = tried;
    }

    void note(const std::string& decision, const std::string& value, double speed) {
        double& best = seen_[decision][value];
        best = std::max(best, speed);
    }

    std::vector<Alternative> alternatives() const {
        const PlanSetting& s = best_->setting;
        const std::map<std::string, std::string> chosen{
            {"threads", fmt::format("{}", s.n_threads)},
            {"sparsity", std::string(to_string(s.mode))},
            {"placement", std::string(to_string(s.placement))},
            {"hot", fmt::format("{:.0f} %", 100.0 * s.hot_share)},
            {"gates", s.gates_resident ? "in memory" : "fetched"},
            {"queue depth", fmt::format("{}", s.queue_depth)}};
        std::vector<Alternative> all;
        for (const auto& [decision, values] : seen_) {
            const bool of_packs =
                decision == "hot" || decision == "gates" || decision == "queue depth";
            if (of_packs && s.placement != FfnPlacement::by_neuron) continue;
            for (const auto& [value, speed] : values) {
                all.push_back({decision, value, speed, chosen.at(decision) == value});
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
    std::map<std::string, std::map<std::string, double>> seen_;  // decision, value: best speed
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

}  // namespace

Result<Solution> solve(const DeviceProfile& device, const ModelProfile& model, uint64_t fixed_bytes,
                       uint64_t staging_bytes, const SolveRequest& request) {
    Search search(device, model, fixed_bytes, staging_bytes, request);
    if (request.min_speed > 0.0) return least_memory(search, model, request);
    const uint64_t budget = request.budget_bytes != 0 ? request.budget_bytes : kNoLimit;
    auto best = search.fastest(budget);
    if (!best) return does_not_fit(model, budget, search.least_budget());
    return *std::move(best);
}

}  // namespace hearth
