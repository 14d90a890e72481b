// Placement: in which order the neurons of an FFN lie in a pack.
//
// Hot first: they are resident, so they are read once, in one stretch. The cold ones behind them
// are read as they fire, and a disk that is bound by the number of reads (bench/README.md) is
// helped when neurons that fire for the same token are neighbours: the loader joins what lies
// closer than its gap. The order is a chain: each neuron is followed by the one, of those that are
// left, that fires with it most (Jaccard over the tokens of the trace). Powerinfer2.md 4.4 and
// RIPPLE (arXiv 2410.19274) place by co-activation too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/thread_pool.h"
#include "planner/activity_trace.h"
#include "planner/pack_layout.h"

namespace hearth {

// The neuron at each position, n = counts.size(). `counts` says how often each fired; the n_hot
// hottest come first, hottest first. `active_sets` are the neurons that fired for one token each;
// where there are none, the rest goes by counts too. Deterministic; work is bounded by taking fewer
// sets: a fraction of a second for 14,336 neurons.
std::vector<uint32_t> place_neurons(std::span<const uint32_t> counts,
                                    std::span<const std::span<const uint32_t>> active_sets,
                                    size_t n_hot);

// The same for all sections of a model; layers whose firings the trace does not keep go by counts.
Placement place_by_trace(const ActivityTrace& trace, double hot_share, ThreadPool& pool);

}  // namespace hearth
