#include "planner/placement.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/base/check.h"

namespace hearth {

namespace {

// Pairs of neurons of one set that are looked at, in all: 0.3 s.
constexpr uint64_t kMaxPairs = uint64_t{1} << 28;

using Sets = std::span<const std::span<const uint32_t>>;

std::vector<uint32_t> by_count(std::span<const uint32_t> counts) {
    std::vector<uint32_t> order(counts.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return counts[a] > counts[b]; });
    return order;
}

// Who fires with whom, among the neurons that are to be chained.
class Companions {
  public:
    // `members` are neurons of n.
    Companions(size_t n, std::span<const uint32_t> members, Sets active_sets)
        : is_left_(n, false), sets_of_(n), together_(n) {
        for (const uint32_t neuron : members) is_left_[neuron] = true;
        for (const auto& active : thin_out(active_sets)) {
            std::vector<uint32_t> set;
            std::copy_if(active.begin(), active.end(), std::back_inserter(set),
                         [&](uint32_t neuron) { return is_left_[neuron]; });
            for (const uint32_t neuron : set) {
                sets_of_[neuron].push_back(static_cast<uint32_t>(sets_.size()));
            }
            sets_.push_back(std::move(set));
        }
    }

    bool is_left(uint32_t neuron) const { return is_left_[neuron]; }

    // Takes a neuron out and says who of those left fires with it most; the lowest of equals.
    std::optional<uint32_t> take(uint32_t neuron) {
        is_left_[neuron] = false;
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
            if (!is_left_[other]) continue;
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
    // As many sets, evenly spaced, as keep the work within bounds.
    static std::vector<std::span<const uint32_t>> thin_out(Sets all) {
        uint64_t pairs = 0;
        for (const auto& set : all) pairs += uint64_t{set.size()} * set.size();
        const uint64_t step = 1 + pairs / kMaxPairs;
        std::vector<std::span<const uint32_t>> some;
        for (size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
        return some;
    }

    std::vector<bool> is_left_;
    std::vector<std::vector<uint32_t>> sets_;  // of members
    std::vector<std::vector<uint32_t>> sets_of_;
    std::vector<uint32_t> together_;  // zero between calls
    std::vector<uint32_t> touched_;
};

}  // namespace

std::vector<uint32_t> place_neurons(std::span<const uint32_t> counts, Sets active_sets,
                                    size_t n_hot) {
    HEARTH_CHECK(n_hot <= counts.size());
    std::vector<uint32_t> order = by_count(counts);
    if (active_sets.empty()) return order;
    const std::vector<uint32_t> cold(order.begin() + static_cast<ptrdiff_t>(n_hot), order.end());
    Companions companions(counts.size(), cold, active_sets);
    order.resize(n_hot);
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

Placement place_by_trace(const ActivityTrace& trace, double hot_share, ThreadPool& pool) {
    const TraceShape& shape = trace.shape();
    const auto kept = trace.kept_layers();
    const auto n_hot = static_cast<size_t>(hot_share * static_cast<double>(shape.d_ff));
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
            placement[section] = place_neurons(trace.counts().of(section), sets, n_hot);
        }
    });
    return placement;
}

}  // namespace hearth
