// ClusterWork: what is computed of each cluster of a pass; ClusterPass says when.
#pragma once

#include <cstddef>

namespace hearth {

struct Cluster;

// Calls for distinct clusters come from several workers at a time, those for one cluster one after
// the other.
class ClusterWork {
  public:
    virtual ~ClusterWork() = default;

    // First: fills cluster.candidates, the neurons whose bundles are wanted, ascending.
    virtual void find_candidates(size_t worker, size_t index, Cluster& cluster) = 0;

    // Then, until all candidates are done: adds those that cluster.claim holds, the next ones from
    // cluster.n_done on. Their bundles are there and intact.
    virtual void add_rows(size_t index, Cluster& cluster) = 0;
};

}  // namespace hearth
