// Placement: in which order the neurons of an FFN lie in a pack.
//
//   | the hottest | lane 0: frequent ... rare | lane 1: frequent ... rare | ... | lane 15 |
//
// The hottest come first: they are resident, so they are read once, in one stretch. The others are
// read as they fire, and a disk that is bound by the number of reads (bench/README.md) is helped
// when what a token misses lies close together: the loader joins what lies closer than its gap.
//   - What is read together must lie together: the engine submits the misses of one lane at a time
//     (sparse_ffn.h), so each lane has a stretch of its own.
//   - Inside a lane by rate: what the cache holds are the frequent ones, and of those it does not,
//     the more frequent ones are missed most and lie densest.
//   - Neurons of about the same rate (a tier) are chained: each is followed by the one, of those
//     that are left, that fires with it most (Jaccard over the tokens of the trace).
//     Powerinfer2.md 4.4 and RIPPLE (arXiv 2410.19274) place by co-activation too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/neuron/sparse_ffn.h"
#include "planner/activity_trace.h"
#include "planner/pack_layout.h"

namespace hearth {

struct PlacementRules {
    static constexpr double kOneTier = std::numeric_limits<double>::infinity();

    double hot_share = 0.25;  // of the neurons of a section: the hottest, which come first
    size_t n_lanes = kLanes;  // ranges of neurons that are read separately
    // The counts of a tier are within this factor of each other; 1: only equal ones are chained.
    double tier = 2.0;
};

// The neuron at each position, n = counts.size(). `counts` says how often each fired, `active_sets`
// are the neurons that fired for one token each; where there are none, nothing is chained.
// Deterministic; work is bounded by taking fewer sets: a fraction of a second for 14,336 neurons.
std::vector<uint32_t> place_neurons(std::span<const uint32_t> counts,
                                    std::span<const std::span<const uint32_t>> active_sets,
                                    const PlacementRules& rules);

// The same for all sections of a model; layers whose firings the trace does not keep go by counts.
Placement place_by_trace(const ActivityTrace& trace, const PlacementRules& rules, ThreadPool& pool);

// By the share of tokens that each neuron fires for (section, neuron), where no trace is kept.
Placement place_by_rates(std::span<const std::vector<float>> rates, const PlacementRules& rules);

}  // namespace hearth
