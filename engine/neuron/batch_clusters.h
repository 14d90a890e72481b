// BatchClusters: the clusters of a small batch's FFN, each with the neurons that any token wants.
#pragma once

#include <cstddef>

#include "engine/neuron/cluster_work.h"
#include "engine/neuron/neuron_stream.h"

namespace hearth {

class BatchClusters final : public ClusterWork {
  public:
    // Everything outlives the pass. Where bundles hold their gates the batch must have predicted.
    BatchClusters(SparseBatch& batch, size_t section, bool gates_known, const BundleStore& store);

    void find_candidates(size_t worker, size_t index, Cluster& cluster) override;
    void add_rows(size_t index, Cluster& cluster) override;

  private:
    SparseBatch& batch_;
    const size_t section_;
    const bool gates_known_;
    const BundleStore& store_;
    const BundleRows bundles_;
};

}  // namespace hearth
