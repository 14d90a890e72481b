// CoreShares: which cores compute, and how the clusters of an FFN fall to them.
//
// Clusters (sparse_ffn.h) are taken by whoever is free, so a fast core takes more of them than a
// slow one: sizes need no tuning per class. But they are taken whole: a slow core that takes its
// last cluster late is waited for, which is what `efficiency` says and what can make the slow cores
// not worth having.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "planner/device_profile.h"

namespace hearth {

// One class at work.
struct ClassShare {
    size_t n_threads = 0;
    size_t n_clusters = 0;  // of the kLanes of an FFN that its cores take together
};

struct ClusterShares {
    std::vector<ClassShare> classes;  // as in the profile, those without threads left out
    double efficiency = 1.0;          // of what the cores together could do
};

// n_threads on the fastest cores, one each. More threads than cores: as if there were no more.
ClusterShares share_clusters(std::span<const CoreClass> classes, size_t n_threads);

// The fastest n cores, ascending; empty where that says nothing: all cores, or all are alike.
std::vector<uint32_t> fastest_cores(std::span<const CoreClass> classes, size_t n);

}  // namespace hearth
