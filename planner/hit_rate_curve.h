// HitRateCurve: how often a neuron that fires is in memory, for every division of the memory.
//
// h(M) of the cost model: the one term that no formula gives (powerinfer2.md 1.7). It is measured
// by replaying an activity trace through the cache the engine uses: the hottest neurons of a
// section (by the first half of the trace) are pinned, the others go through a NeuronCache without
// memory behind it, and what the second half finds is counted. What it misses is looked up in a
// placement by the first half (placement.h), to see how much of it a disk can read together.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/base/result.h"
#include "planner/activity_trace.h"
#include "planner/progress.h"

namespace hearth {

class HitRateCurve {
  public:
    // One replay.
    struct Point {
        double hot_share = 0.0;    // of all neurons, pinned: the hottest of each section
        double cache_share = 0.0;  // of all neurons, room in the cache for others
        double hot_hits = 0.0;     // of all firings, answered by the pinned ones
        double cold_hits = 0.0;    // of the other firings, answered by the cache
        // Of the misses, those that lie at most kJoinGap records behind another of their lane.
        double joined = 0.0;

        // The same for other gaps: misses lie scattered, so each further record is as likely as
        // the one before to be where the next one lies.
        double joined_over(double gap_records) const;
    };
    static constexpr size_t kJoinGap = 8;

    HitRateCurve() = default;
    // Points on a grid: every hot share with the same cache shares, both ascending from 0.
    // Error (bad_file) where they are none.
    static Result<HitRateCurve> from_points(std::vector<Point> points);

    // Replays the whole grid, about a second, told as `from` to `to` of the step. Fails with
    // cancelled.
    static Result<HitRateCurve> measure(const ActivityTrace& trace, StepProgress& progress,
                                        double from = 0.0, double to = 1.0);

    // Between the points of the grid: linear in both shares.
    Point at(double hot_share, double cache_share) const;

    bool is_empty() const { return points_.empty(); }
    const std::vector<Point>& points() const { return points_; }

  private:
    std::vector<double> hot_shares_;
    std::vector<double> cache_shares_;
    std::vector<Point> points_;  // (hot shares, cache shares)
};

}  // namespace hearth
