#include "engine/neuron/token_clusters.h"

#include <algorithm>
#include <array>

namespace hearth {

TokenClusters::TokenClusters(const TokenWork& work, const BundleStore& store)
    : work_(work), store_(store), bundles_(rows_of(store, work.section)) {}

void TokenClusters::find_candidates(size_t worker, size_t index, Cluster& cluster) {
    std::fill_n(work_.scratch.partial.data() + index * work_.d_model(), work_.d_model(), 0.0F);
    if (work_.mode == SparsityMode::predicted) return propose(worker, index, cluster);
    const TraceScope trace(work_.compute.trace, TraceKind::gates, worker, index);
    float* const gate = work_.scratch.gate.data();
    const size_t begin = lane_begin(index, work_.d_ff());
    const size_t end = lane_begin(index + 1, work_.d_ff());
    if (!work_.input.gates_known) {
        work_.compute.kernels.matvec(work_.weights.gate, begin, end, work_.input.normed, gate);
    }
    for (size_t i = begin; i < end; ++i) {
        if (gate[i] > 0.0F) cluster.candidates.push_back(static_cast<uint32_t>(i));
    }
}

// The predictor's candidates, and the hot ones, which are computed whatever it says.
void TokenClusters::propose(size_t worker, size_t index, Cluster& cluster) {
    const size_t begin = lane_begin(index, work_.d_ff());
    const size_t end = lane_begin(index + 1, work_.d_ff());
    {
        const TraceScope trace(work_.compute.trace, TraceKind::predict, worker, index);
        predict_range(work_.compute.kernels, work_.predictor, begin, end, work_.scratch.predictor,
                      cluster.candidates);
        add_hot(cluster, begin, end);
    }
    if (store_.holds_gates()) return;
    const TraceScope trace(work_.compute.trace, TraceKind::gates, worker, index);
    if (work_.input.measures_recall) measure_recall(cluster, begin, end);
    keep_open(cluster);
}

void TokenClusters::add_hot(Cluster& cluster, size_t begin, size_t end) const {
    const std::span<const uint32_t> hot = store_.hot(work_.section);
    const auto first = std::lower_bound(hot.begin(), hot.end(), begin);
    const auto last = std::lower_bound(first, hot.end(), end);
    if (first == last) return;
    std::vector<uint32_t>& all = cluster.candidates;
    const auto n_proposed = static_cast<ptrdiff_t>(all.size());
    all.insert(all.end(), first, last);
    std::inplace_merge(all.begin(), all.begin() + n_proposed, all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

// With gates in memory a proposal costs its gate only: bundles are wanted where it is open.
void TokenClusters::keep_open(Cluster& cluster) const {
    std::vector<uint32_t>& all = cluster.candidates;
    std::array<float, SparseLane::kGroup> gates;
    size_t n_open = 0;
    for (size_t i = 0; i < all.size(); i += gates.size()) {
        const size_t n = std::min(gates.size(), all.size() - i);
        work_.compute.kernels.matvec_rows(work_.weights.gate, all.data() + i, n, work_.input.normed,
                                          gates.data());
        for (size_t j = 0; j < n; ++j) {
            const uint32_t neuron = all[i + j];
            work_.scratch.gate[neuron] = gates[j];
            if (gates[j] > 0.0F) all[n_open++] = neuron;
        }
    }
    all.resize(n_open);
}

// Of the neurons whose gate is open, how many are candidates. For dReLU some of them would have
// been closed by their up row, which is not looked at: recall comes out a little lower than it is.
void TokenClusters::measure_recall(Cluster& cluster, size_t begin, size_t end) const {
    float* const gate = work_.scratch.gate.data();
    work_.compute.kernels.matvec(work_.weights.gate, begin, end, work_.input.normed, gate);
    auto candidate = cluster.candidates.begin();
    for (size_t i = begin; i < end; ++i) {
        while (candidate != cluster.candidates.end() && *candidate < i) ++candidate;
        if (!(gate[i] > 0.0F)) continue;
        ++cluster.count.sampled;
        if (candidate != cluster.candidates.end() && *candidate == i) ++cluster.count.recalled;
    }
}

void TokenClusters::add_rows(size_t index, Cluster& cluster) {
    SparseScratch& scratch = work_.scratch;
    SparseLane lane(work_.compute.kernels, work_.activation, bundles_, work_.input.normed,
                    scratch.partial.data() + index * work_.d_model(),
                    work_.input.fired != nullptr ? scratch.gate.data() : nullptr);
    const std::vector<uint32_t>& slots = cluster.claim.slots;
    for (size_t i = 0; i < slots.size(); i += SparseLane::kGroup) {
        const size_t n = std::min(SparseLane::kGroup, slots.size() - i);
        const uint32_t* const neurons = cluster.candidates.data() + cluster.n_done + i;
        if (store_.holds_gates()) {
            cluster.count.active += lane.add_candidates(neurons, slots.data() + i, n);
            continue;
        }
        std::array<float, SparseLane::kGroup> gates;
        for (size_t j = 0; j < n; ++j) gates[j] = scratch.gate[neurons[j]];
        cluster.count.active += lane.add(neurons, slots.data() + i, gates.data(), n);
    }
}

}  // namespace hearth
