#include "planner/placement.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/base/check.h"

namespace hearth {

namespace {

// Pairs of neurons of one set that are looked at, in all: 0.3 s.
constexpr uint64_t kMaxPairs = uint64_t{1} << 28;

// What rates are counted in.
constexpr float kCountsPerRate = 1 << 20;

using Sets = std::span<const std::span<const uint32_t>>;

// A tier of a lane: its neurons are chained, and with no others.
struct Tier {
    size_t lane = 0;
    int rate = 0;  // the higher, the more frequent

    bool operator==(const Tier&) const = default;
};

std::vector<uint32_t> by_count(std::span<const uint32_t> counts) {
    std::vector<uint32_t> order(counts.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return counts[a] > counts[b]; });
    return order;
}

int tier_of(uint32_t count, double factor) {
    if (count == 0) return -1;
    if (factor <= 1.0) return static_cast<int>(count);
    return static_cast<int>(std::log(static_cast<double>(count)) / std::log(factor));
}

// Who fires with whom, within tiers.
class Companions {
  public:
    // `cold` are the neurons to be chained, tier by tier; `sets` of n neurons.
    Companions(size_t n, std::span<const uint32_t> cold, std::span<const Tier> tiers, Sets sets)
        : number_(n, kNone), sets_of_(n), together_(n) {
        uint32_t n_tiers = 0;
        for (size_t i = 0; i < cold.size(); ++i) {
            if (i == 0 || !(tiers[cold[i]] == tiers[cold[i - 1]])) ++n_tiers;
            number_[cold[i]] = n_tiers - 1;
        }
        std::vector<size_t> open(n_tiers, kNone);
        for (const auto& set : sets) {
            const size_t first = sets_.size();
            for (const uint32_t neuron : set) {
                if (number_[neuron] == kNone) continue;
                size_t& part = open[number_[neuron]];
                if (part < first || part == kNone) {
                    part = sets_.size();
                    sets_.emplace_back();
                }
                sets_[part].push_back(neuron);
                sets_of_[neuron].push_back(static_cast<uint32_t>(part));
            }
        }
    }

    bool is_left(uint32_t neuron) const { return number_[neuron] != kNone; }

    // Takes a neuron out and says who of those left in its tier fires with it most; the lowest of
    // equals.
    std::optional<uint32_t> take(uint32_t neuron) {
        number_[neuron] = kNone;
        for (const uint32_t set : sets_of_[neuron]) {
            for (const uint32_t other : sets_[set]) {
                if (together_[other]++ == 0) touched_.push_back(other);
            }
        }
        std::optional<uint32_t> best;
        double best_share = 0.0;
        for (const uint32_t other : touched_) {
            const double both = together_[other];
            together_[other] = 0;
            if (!is_left(other)) continue;
            const double any = static_cast<double>(sets_of_[neuron].size()) +
                               static_cast<double>(sets_of_[other].size()) - both;
            const double share = both / any;
            if (share > best_share || (share == best_share && best && other < *best)) {
                best = other;
                best_share = share;
            }
        }
        touched_.clear();
        return best;
    }

  private:
    static constexpr uint32_t kNone = ~uint32_t{0};

    std::vector<uint32_t> number_;             // of a neuron's tier; kNone: not to be chained
    std::vector<std::vector<uint32_t>> sets_;  // who of one tier fired for one token
    std::vector<std::vector<uint32_t>> sets_of_;
    std::vector<uint32_t> together_;  // zero between calls
    std::vector<uint32_t> touched_;
};

// As many sets, evenly spaced, as keep the work within bounds; lanes share a set evenly.
std::vector<std::span<const uint32_t>> thin_out(Sets all, size_t n_lanes) {
    uint64_t pairs = 0;
    for (const auto& set : all) pairs += uint64_t{set.size()} * set.size() / n_lanes;
    const uint64_t step = 1 + pairs / kMaxPairs;
    std::vector<std::span<const uint32_t>> some;
    for (size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
    return some;
}

}  // namespace

std::vector<uint32_t> place_neurons(std::span<const uint32_t> counts, Sets active_sets,
                                    const PlacementRules& rules) {
    HEARTH_CHECK(rules.hot_share >= 0.0 && rules.hot_share <= 1.0 && rules.n_lanes > 0);
    const size_t n = counts.size();
    std::vector<uint32_t> order = by_count(counts);
    const auto n_hot = static_cast<size_t>(rules.hot_share * static_cast<double>(n));
    std::vector<uint32_t> cold(order.begin() + static_cast<ptrdiff_t>(n_hot), order.end());
    order.resize(n_hot);

    std::vector<Tier> tiers;
    for (size_t lane = 0; lane < rules.n_lanes; ++lane) {
        // As lane_begin() divides them.
        for (const size_t end = (lane + 1) * n / rules.n_lanes; tiers.size() < end;) {
            tiers.push_back({lane, tier_of(counts[tiers.size()], rules.tier)});
        }
    }
    std::stable_sort(cold.begin(), cold.end(), [&](uint32_t a, uint32_t b) {
        return std::pair(tiers[a].lane, -tiers[a].rate) < std::pair(tiers[b].lane, -tiers[b].rate);
    });
    Companions companions(n, cold, tiers, thin_out(active_sets, rules.n_lanes));
    // A chain that ends begins again at the hottest that is left.
    for (const uint32_t head : cold) {
        std::optional<uint32_t> next = head;
        while (next && companions.is_left(*next)) {
            order.push_back(*next);
            next = companions.take(*next);
        }
    }
    return order;
}

Placement place_by_trace(const ActivityTrace& trace, const PlacementRules& rules,
                         ThreadPool& pool) {
    const TraceShape& shape = trace.shape();
    const auto kept = trace.kept_layers();
    Placement placement(shape.n_sections());
    pool.parallel_for(shape.n_sections(), 1, [&](size_t begin, size_t end, size_t) {
        for (size_t section = begin; section < end; ++section) {
            const size_t expert = section % shape.n_experts;
            const auto at = std::find(kept.begin(), kept.end(), section / shape.n_experts);
            std::vector<std::span<const uint32_t>> sets;
            if (at != kept.end()) {
                const auto place = static_cast<size_t>(at - kept.begin());
                for (const ActivityTrace::Step& step : trace.steps(place, expert)) {
                    sets.push_back(trace.neurons(place, expert, step));
                }
            }
            placement[section] = place_neurons(trace.counts().of(section), sets, rules);
        }
    });
    return placement;
}

Placement place_by_rates(std::span<const std::vector<float>> rates, const PlacementRules& rules) {
    Placement placement;
    for (const std::vector<float>& section : rates) {
        std::vector<uint32_t> counts;
        for (const float rate : section) {
            counts.push_back(static_cast<uint32_t>(std::lround(rate * kCountsPerRate)));
        }
        placement.push_back(place_neurons(counts, {}, rules));
    }
    return placement;
}

}  // namespace hearth
