#include "planner/hit_rate_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "engine/neuron/neuron_cache.h"
#include "planner/placement.h"

namespace hearth {
namespace {

constexpr std::array kHotShares{0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95};
constexpr std::array kCacheShares{0.0, 0.01, 0.03, 0.06, 0.12, 0.25, 0.5, 1.0};
constexpr size_t kSlotBytes = 64;  // the least there is: nothing is ever read into the slots

// Firings that one replay looks at, about: a grid of some fifty of them takes a second.
constexpr size_t kReplayedFirings = size_t{1} << 20;
constexpr size_t kLeastLayers = 4;

// Some of the kept layers, evenly spaced: enough to stand for all.
std::vector<size_t> choose_layers(const ActivityTrace& trace) {
    const size_t n_kept = trace.kept_layers().size();
    size_t n_firings = 0;
    for (size_t kept = 0; kept < n_kept; ++kept) {
        for (size_t expert = 0; expert < trace.shape().n_experts; ++expert) {
            const auto steps = trace.steps(kept, expert);
            if (!steps.empty()) n_firings += steps.back().end;
        }
    }
    const size_t per_layer = std::max<size_t>(1, n_firings / n_kept);
    const size_t n =
        std::clamp(kReplayedFirings / per_layer, std::min(kLeastLayers, n_kept), n_kept);
    std::vector<size_t> layers;
    for (size_t i = 0; i < n; ++i) layers.push_back((2 * i + 1) * n_kept / (2 * n));
    return layers;
}

// Replays one trace again and again.
class Replay {
  public:
    explicit Replay(const ActivityTrace& trace) : trace_(trace) {
        first_judged_ = trace.n_tokens() / 2;
        for (const size_t kept : choose_layers(trace)) {
            for (size_t expert = 0; expert < trace.shape().n_experts; ++expert) {
                sections_.push_back(by_first_half(kept, expert));
            }
        }
    }

    HitRateCurve::Point run(double hot_share, double cache_share) {
        const TraceShape& shape = trace_.shape();
        const auto d_ff = static_cast<double>(shape.d_ff);
        const auto n_hot = static_cast<uint32_t>(std::llround(hot_share * d_ff));
        const double n_neurons = d_ff * static_cast<double>(sections_.size());
        const auto n_slots = static_cast<size_t>(std::llround(cache_share * n_neurons));
        HitRateCurve::Point point{hot_share, cache_share};
        Counts counts;
        if (n_slots == 0) {
            visit([&](size_t section, std::span<const uint32_t> neurons, bool is_judged) {
                take_cold(section, neurons, n_hot, is_judged, counts);
                if (is_judged) count_misses(section, cold_, counts);
            });
        } else {
            auto cache =
                NeuronCache::create({.section_records = std::vector<uint32_t>(
                                         sections_.size(), static_cast<uint32_t>(shape.d_ff)),
                                     .slot_bytes = kSlotBytes,
                                     .bytes = n_slots * kSlotBytes});
            if (!cache) return point;  // more slots than a cache can have: nothing hits
            fill(**cache, n_hot, n_slots);
            replay(**cache, n_hot, counts);
        }
        point.hot_hits = counts.all > 0.0 ? counts.hot / counts.all : 0.0;
        point.cold_hits = counts.cold > 0.0 ? 1.0 - counts.misses / counts.cold : 1.0;
        point.joined = counts.misses > 0.0 ? counts.joined / counts.misses : 0.0;
        return point;
    }

  private:
    struct Section {
        size_t kept;
        size_t expert;
        std::vector<uint32_t> rank;   // (d_ff) 0 is the hottest
        std::vector<uint32_t> place;  // (d_ff) in a pack
    };
    struct Counts {
        double all = 0.0;
        double hot = 0.0;
        double cold = 0.0;
        double misses = 0.0;
        double joined = 0.0;
    };

    Section by_first_half(size_t kept, size_t expert) const {
        std::vector<uint32_t> counts(trace_.shape().d_ff);
        for (const ActivityTrace::Step& step : trace_.steps(kept, expert)) {
            if (step.token >= first_judged_) break;
            for (const uint32_t neuron : trace_.neurons(kept, expert, step)) ++counts[neuron];
        }
        const auto inverse = [](const std::vector<uint32_t>& order) {
            std::vector<uint32_t> at(order.size());
            for (uint32_t i = 0; i < order.size(); ++i) at[order[i]] = i;
            return at;
        };
        return {kept, expert, inverse(place_neurons(counts, {}, {.hot_share = 1.0})),
                inverse(place_neurons(counts, {}, {}))};
    }

    // Calls visitor(section, neurons, is_judged) as decode would: token by token, layer by layer.
    template <typename Visitor>
    void visit(Visitor&& visitor) {
        std::vector<size_t> cursor(sections_.size());
        for (uint32_t token = 0; token < trace_.n_tokens(); ++token) {
            for (size_t i = 0; i < sections_.size(); ++i) {
                const Section& section = sections_[i];
                const auto steps = trace_.steps(section.kept, section.expert);
                if (cursor[i] == steps.size() || steps[cursor[i]].token != token) continue;
                visitor(i, trace_.neurons(section.kept, section.expert, steps[cursor[i]]),
                        token >= first_judged_);
                ++cursor[i];
            }
        }
    }

    // cold_ = the neurons that are not pinned.
    void take_cold(size_t section, std::span<const uint32_t> neurons, uint32_t n_hot,
                   bool is_judged, Counts& counts) {
        cold_.clear();
        for (const uint32_t neuron : neurons) {
            if (sections_[section].rank[neuron] >= n_hot) cold_.push_back(neuron);
        }
        if (!is_judged) return;
        counts.all += static_cast<double>(neurons.size());
        counts.hot += static_cast<double>(neurons.size() - cold_.size());
        counts.cold += static_cast<double>(cold_.size());
    }

    // The hottest of what is not pinned, as the engine fills the cache before it begins.
    void fill(NeuronCache& cache, uint32_t n_hot, size_t n_slots) {
        const size_t per_section = n_slots / sections_.size();
        for (size_t i = 0; i < sections_.size(); ++i) {
            cold_.clear();
            for (uint32_t neuron = 0; neuron < sections_[i].rank.size(); ++neuron) {
                const uint32_t rank = sections_[i].rank[neuron];
                if (rank >= n_hot && rank < n_hot + per_section) cold_.push_back(neuron);
            }
            cache.claim_ahead(static_cast<uint32_t>(i), cold_, served_);
            for (const CacheSlot& slot : served_) cache.loaded(slot.slot);
        }
    }

    void replay(NeuronCache& cache, uint32_t n_hot, Counts& counts) {
        size_t last_section = sections_.size();
        visit([&](size_t section, std::span<const uint32_t> neurons, bool is_judged) {
            if (section <= last_section) cache.begin_token();
            last_section = section;
            take_cold(section, neurons, n_hot, is_judged, counts);
            missed_.clear();
            std::span<const uint32_t> rest = cold_;
            while (!rest.empty()) {
                cache.find_or_claim(static_cast<uint32_t>(section), rest, served_);
                if (served_.empty()) break;
                for (const CacheSlot& slot : served_) {
                    if (slot.found != Found::claimed) continue;
                    cache.loaded(slot.slot);
                    missed_.push_back(slot.record);
                }
                cache.unpin(served_);
                rest = rest.subspan(served_.size());
            }
            if (is_judged) count_misses(section, missed_, counts);
        });
    }

    // `missed` ascending: lane by lane.
    void count_misses(size_t section, std::span<const uint32_t> missed, Counts& counts) {
        const std::vector<uint32_t>& place = sections_[section].place;
        counts.misses += static_cast<double>(missed.size());
        size_t i = 0;
        for (size_t lane = 0; lane < kLanes; ++lane) {
            places_.clear();
            for (; i < missed.size() && missed[i] < lane_begin(lane + 1, place.size()); ++i) {
                places_.push_back(place[missed[i]]);
            }
            std::sort(places_.begin(), places_.end());
            for (size_t j = 1; j < places_.size(); ++j) {
                const bool joins = places_[j] - places_[j - 1] <= HitRateCurve::kJoinGap + 1;
                counts.joined += joins ? 1.0 : 0.0;
            }
        }
    }

    const ActivityTrace& trace_;
    size_t first_judged_ = 0;
    std::vector<Section> sections_;
    std::vector<uint32_t> cold_;
    std::vector<uint32_t> missed_;
    std::vector<uint32_t> places_;
    std::vector<CacheSlot> served_;
};

// The cell of a grid that holds `value`, and how far in it is.
struct Cell {
    size_t low = 0;
    size_t high = 0;
    double share = 0.0;
};
Cell cell_of(const std::vector<double>& grid, double value) {
    const auto above = std::upper_bound(grid.begin(), grid.end(), value);
    if (above == grid.begin()) return {0, 0, 0.0};
    if (above == grid.end()) return {grid.size() - 1, grid.size() - 1, 0.0};
    const auto high = static_cast<size_t>(above - grid.begin());
    return {high - 1, high, (value - grid[high - 1]) / (grid[high] - grid[high - 1])};
}

}  // namespace

double HitRateCurve::Point::joined_over(double gap_records) const {
    return 1.0 - std::pow(1.0 - joined, (gap_records + 1.0) / (kJoinGap + 1.0));
}

Result<HitRateCurve> HitRateCurve::from_points(std::vector<Point> points) {
    HitRateCurve curve;
    for (const Point& point : points) {
        if (point.hot_share == points.front().hot_share) {
            curve.cache_shares_.push_back(point.cache_share);
        }
        if (point.cache_share == points.front().cache_share) {
            curve.hot_shares_.push_back(point.hot_share);
        }
    }
    const auto ascends = [](const std::vector<double>& shares) {
        return std::adjacent_find(shares.begin(), shares.end(), std::greater_equal<>()) ==
               shares.end();
    };
    bool is_grid = points.size() == curve.hot_shares_.size() * curve.cache_shares_.size() &&
                   ascends(curve.hot_shares_) && ascends(curve.cache_shares_);
    for (size_t i = 0; i < points.size() && is_grid; ++i) {
        is_grid = points[i].hot_share == curve.hot_shares_[i / curve.cache_shares_.size()] &&
                  points[i].cache_share == curve.cache_shares_[i % curve.cache_shares_.size()];
    }
    if (!is_grid) {
        return make_error(ErrorCode::bad_file, "{} points of the hit rate are no grid",
                          points.size());
    }
    curve.points_ = std::move(points);
    return curve;
}

Result<HitRateCurve> HitRateCurve::measure(const ActivityTrace& trace, StepProgress& progress,
                                           double from, double to) {
    Replay replay(trace);
    std::vector<Point> points;
    for (const double hot : kHotShares) {
        for (const double cache : kCacheShares) {
            // More room than there are neurons that are not pinned: as before.
            const bool is_full = cache > 0.0 && hot + points.back().cache_share >= 1.0;
            points.push_back(is_full ? points.back() : replay.run(hot, cache));
            points.back().cache_share = cache;
        }
        const double share = static_cast<double>(points.size()) /
                             static_cast<double>(kHotShares.size() * kCacheShares.size());
        HEARTH_TRY_VOID(
            progress.report(from + (to - from) * share, "replaying what fired through the cache"));
    }
    return from_points(std::move(points));
}

HitRateCurve::Point HitRateCurve::at(double hot_share, double cache_share) const {
    const Cell hot = cell_of(hot_shares_, hot_share);
    const Cell cache = cell_of(cache_shares_, cache_share);
    const auto mix = [&](double Point::*value) {
        const auto along = [&](size_t row) {
            const Point* const cells = points_.data() + row * cache_shares_.size();
            return std::lerp(cells[cache.low].*value, cells[cache.high].*value, cache.share);
        };
        return std::lerp(along(hot.low), along(hot.high), hot.share);
    };
    return {hot_share, cache_share, mix(&Point::hot_hits), mix(&Point::cold_hits),
            mix(&Point::joined)};
}

}  // namespace hearth
