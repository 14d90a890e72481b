#include "planner/core_shares.h"

#include <algorithm>

#include "engine/neuron/sparse_ffn.h"

namespace hearth {

ClusterShares share_clusters(std::span<const CoreClass> classes, size_t n_threads) {
    struct Core {
        size_t class_index;
        double seconds;  // per cluster
        double free_at = 0.0;
    };
    std::vector<Core> cores;
    double rate = 0.0;
    ClusterShares shares;
    for (size_t c = 0; c < classes.size() && cores.size() < n_threads; ++c) {
        const size_t n = std::min(classes[c].cores.size(), n_threads - cores.size());
        cores.insert(cores.end(), n, {c, 1.0 / classes[c].speed});
        rate += static_cast<double>(n) * classes[c].speed;
        shares.classes.push_back({n, 0});
    }
    if (cores.empty()) return shares;
    // The fastest of those that are free first: their threads are the first to see new work.
    for (size_t cluster = 0; cluster < kLanes; ++cluster) {
        Core& next =
            *std::min_element(cores.begin(), cores.end(),
                              [](const Core& a, const Core& b) { return a.free_at < b.free_at; });
        next.free_at += next.seconds;
        ++shares.classes[next.class_index].n_clusters;
    }
    double end = 0.0;
    for (const Core& core : cores) end = std::max(end, core.free_at);
    shares.efficiency = static_cast<double>(kLanes) / rate / end;
    return shares;
}

std::vector<uint32_t> fastest_cores(std::span<const CoreClass> classes, size_t n) {
    if (classes.size() < 2) return {};
    std::vector<uint32_t> cores;
    size_t n_all = 0;
    for (const CoreClass& one : classes) {
        n_all += one.cores.size();
        for (const uint32_t core : one.cores) {
            if (cores.size() < n) cores.push_back(core);
        }
    }
    if (n >= n_all) return {};
    std::sort(cores.begin(), cores.end());
    return cores;
}

}  // namespace hearth
