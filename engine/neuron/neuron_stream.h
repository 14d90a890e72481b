// NeuronStream: FFNs whose neurons are bundles of a pack: the cluster pipeline.
//
// The FFN of one token, or of a small batch, is kLanes clusters of neurons (sparse_ffn.h,
// sparse_batch.h): of a batch a cluster has the neurons that any of its tokens wants. Each goes
// through its stages on its own, in this order and in no other relation to the others
// (PowerInfer-2 4.3):
//
//   gates ------> look up, read ------> rows ------> done
//   Pred, GC      GIO, UDIO             UDC
//
// Any worker takes the gates of a cluster nobody has begun, or the rows of one whose bundles are
// all there; worker 0 also looks clusters up, begins their reads and takes what arrives. Clusters
// are looked up in order, so reads of the first end while those of the last are under way, and the
// only join is the final sum. A cluster's neurons are added in ascending order and clusters in
// theirs: neither threads, cache size nor the order of arrival can change a bit of the result.
//
// One thread, the session's, owns a stream.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/base/token_trace.h"
#include "engine/neuron/bundle_store.h"
#include "engine/neuron/look_ahead.h"
#include "engine/neuron/sparse_batch.h"
#include "engine/neuron/sparse_ffn.h"
#include "engine/neuron/sparse_lane.h"

namespace hearth {

// One cluster of the FFN at work.
struct alignas(kCacheLine) Cluster {
    std::vector<uint32_t>
        candidates;     // ascending; with their gates in SparseScratch::gate, if known
    size_t n_done = 0;  // candidates that are computed
    BundleClaim claim;  // of the next ones
    NeuronCount count;
    std::optional<Error> error;  // a bundle that is not what was written
    TokenTrace::Clock::time_point read_begin;
};

// Bytes of a bundle for each token of a batch that goes by neurons.
//
// A bundle that is read alone takes the time of about 40 KB of a stream (here 80,000 reads a second
// against 3.3 GB/s), whatever its size: the larger bundles are, the more tokens may ask for their
// own ones until all of them are streamed sooner. With half of the FFN's bytes in memory streaming
// won from 18 tokens on for a 7B's bundles of 4.6 KB and from 7 on for a 1B's of 2.3 KB, behind 32
// and from 23 on for whole ones (6.9 and 3.5 KB); and a dense pass costs the cache what it had
// borrowed, too (bench/README.md). How much is in memory would matter as well; but then the same
// prompt would be computed in another way, and rounded in another, wherever memory is larger.
inline constexpr size_t kBundleBytesPerToken = 256;

// Rows by slot: those of a section's bundles.
BundleRows rows_of(const BundleStore& store, size_t section);

// What a pass over the clusters of one FFN is made for.
class ClusterWork;

class NeuronStream {
  public:
    // For FFNs of up to d_ff neurons; max_rank is that of the predictors it may look ahead with.
    // max_batch: 0 for the one that the size of bundles suggests.
    NeuronStream(std::unique_ptr<BundleStore> store, size_t d_model, size_t d_ff, size_t max_rank,
                 size_t max_batch);

    // The most tokens of a batch for which reading bundles takes less time than streaming whole
    // matrices: 1 to kSparseBatch, for a model and its mode always the same.
    size_t max_batch() const { return max_batch_; }

    // A pass of one token, or of a batch, begins.
    void begin_token() { store_->begin_token(); }

    // out (d_model) = the FFN (layer, expert) of one token. Of `weights` only the gate is read,
    // where the store holds bundles without it. Fails when a read fails or a bundle is damaged, and
    // when compute.stop was set (ErrorCode::cancelled); afterwards nothing is held or under way.
    Result<NeuronCount> feed_forward(const Compute& compute, FfnActivation activation, size_t layer,
                                     size_t expert, const FfnWeights& weights,
                                     const Predictor& predictor, SparsityMode mode,
                                     const SparseInput& input, float* out, SparseScratch& scratch);

    // The same for the tokens of a batch, to out (n_tokens, d_model). In predicted mode, where
    // bundles hold the gates, a token's neurons are those that its predictor proposes (from
    // residual (n_tokens, d_model), which is read only then) and the hot ones; otherwise they are
    // found exactly, whatever the mode. `gates_known`: the batch has its gates already.
    Result<NeuronCount> feed_forward(const Compute& compute, size_t layer, size_t expert,
                                     const Predictor& predictor, const float* residual,
                                     bool gates_known, SparseBatch& batch, float* out);

    // Beside what the next feed_forward() computes, the reads of the FFN that follows it are begun
    // (look_ahead.h). residual (d_model) is the one of now.
    void look_ahead(const Compute& compute, size_t layer, size_t expert, const Predictor& predictor,
                    const float* residual);

    // The neurons that the last FFN proposed for a cluster, ascending.
    std::span<const uint32_t> candidates(size_t cluster) const {
        return clusters_[cluster].candidates;
    }

    BundleStore& store() { return *store_; }
    const BundleStore& store() const { return *store_; }
    double stall_seconds() const { return stall_seconds_; }  // nothing to compute, reads under way

  private:
    Result<NeuronCount> run(const Compute& compute, size_t section, ClusterWork& work);

    std::unique_ptr<BundleStore> store_;
    const size_t max_batch_;
    LookAhead look_ahead_;
    std::array<Cluster, kLanes> clusters_;
    double stall_seconds_ = 0.0;
};

}  // namespace hearth
