// TokenClusters: the clusters of one token's FFN.
#pragma once

#include <cstddef>

#include "engine/neuron/cluster_work.h"
#include "engine/neuron/neuron_stream.h"
#include "engine/neuron/sparse_lane.h"

namespace hearth {

// What it computes with; all of it outlives the pass.
struct TokenWork {
    const Compute& compute;
    FfnActivation activation;
    size_t section;
    const FfnWeights& weights;
    const Predictor& predictor;
    SparsityMode mode;
    const SparseInput& input;
    SparseScratch& scratch;

    size_t d_ff() const { return weights.gate.rows; }
    size_t d_model() const { return weights.gate.cols; }
};

class TokenClusters final : public ClusterWork {
  public:
    TokenClusters(const TokenWork& work, const BundleStore& store);

    void find_candidates(size_t worker, size_t index, Cluster& cluster) override;
    void add_rows(size_t index, Cluster& cluster) override;

  private:
    void propose(size_t worker, size_t index, Cluster& cluster);
    void add_hot(Cluster& cluster, size_t begin, size_t end) const;
    void keep_open(Cluster& cluster) const;
    void measure_recall(Cluster& cluster, size_t begin, size_t end) const;

    const TokenWork& work_;
    const BundleStore& store_;
    const BundleRows bundles_;
};

}  // namespace hearth
