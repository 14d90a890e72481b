#include "engine/neuron/batch_clusters.h"

#include <span>

namespace hearth {

BatchClusters::BatchClusters(SparseBatch& batch, size_t section, bool gates_known,
                             const BundleStore& store)
    : batch_(batch),
      section_(section),
      gates_known_(gates_known),
      store_(store),
      bundles_(rows_of(store, section)) {}

void BatchClusters::find_candidates(size_t worker, size_t index, Cluster& cluster) {
    if (store_.holds_gates()) {
        batch_.propose(worker, index, store_.hot(section_));
    } else if (!gates_known_) {
        batch_.compute_gates(worker, index);
    }
    batch_.begin_lane(index, cluster.candidates);
}

void BatchClusters::add_rows(size_t index, Cluster& cluster) {
    const std::vector<uint32_t>& slots = cluster.claim.slots;
    const auto neurons =
        std::span<const uint32_t>(cluster.candidates).subspan(cluster.n_done, slots.size());
    cluster.count.active +=
        batch_.add(index, bundles_, store_.holds_gates(), neurons, slots.data());
}

}  // namespace hearth
