#include "engine/neuron/neuron_stream.h"

#include <algorithm>
#include <iterator>

#include "engine/neuron/batch_clusters.h"
#include "engine/neuron/cluster_pass.h"
#include "engine/neuron/token_clusters.h"

namespace hearth {

namespace {

size_t choose_max_batch(const BundleStore& store) {
    const PackSection& section = store.pack().sections().front();
    const size_t bytes = store.holds_gates() ? section.record_bytes : section.gate_offset;
    return std::clamp<size_t>(bytes / kBundleBytesPerToken, 1, kSparseBatch);
}

}  // namespace

NeuronStream::NeuronStream(std::unique_ptr<BundleStore> store, size_t d_model, size_t d_ff,
                           size_t max_rank, size_t max_batch)
    : store_(std::move(store)),
      max_batch_(max_batch == 0 ? choose_max_batch(*store_) : std::min(max_batch, kSparseBatch)),
      look_ahead_(d_model, max_rank, d_ff) {
    for (Cluster& cluster : clusters_) cluster.candidates.reserve(d_ff / kLanes + 1);
}

BundleRows rows_of(const BundleStore& store, size_t section) {
    return {store.holds_gates() ? store.gate(section) : MatrixView(), store.up(section),
            store.down(section)};
}

Result<NeuronCount> NeuronStream::run(const Compute& compute, size_t section, ClusterWork& work) {
    ClusterPass pass(compute, section, work, *store_, look_ahead_, clusters_);
    auto count = pass.run();
    stall_seconds_ += pass.stall_seconds();
    if (!count) {
        look_ahead_.drop();
        return count;
    }
    HEARTH_TRY_VOID(look_ahead_.finish(*store_));
    return count;
}

Result<NeuronCount> NeuronStream::feed_forward(const Compute& compute, FfnActivation activation,
                                               size_t layer, size_t expert,
                                               const FfnWeights& weights,
                                               const Predictor& predictor, SparsityMode mode,
                                               const SparseInput& input, float* out,
                                               SparseScratch& scratch) {
    const size_t section = store_->section_of(layer, expert);
    const TokenWork work{compute, activation, section, weights, predictor, mode, input, scratch};
    if (mode == SparsityMode::predicted) {
        predict_hidden(compute, predictor, input.residual, scratch.predictor);
    }
    TokenClusters clusters(work, *store_);
    HEARTH_TRY(NeuronCount count, run(compute, section, clusters));
    count.seen = work.d_ff();
    if (input.fired != nullptr) {
        input.fired->clear();
        for (const Cluster& cluster : clusters_) {
            std::copy_if(cluster.candidates.begin(), cluster.candidates.end(),
                         std::back_inserter(*input.fired),
                         [&](uint32_t i) { return scratch.gate[i] != 0.0F; });
        }
    }
    sum_lanes(compute, scratch, work.d_model(), out);
    return count;
}

Result<NeuronCount> NeuronStream::feed_forward(const Compute& compute, size_t layer, size_t expert,
                                               const Predictor& predictor, const float* residual,
                                               bool gates_known, SparseBatch& batch, float* out) {
    const size_t section = store_->section_of(layer, expert);
    if (store_->holds_gates()) batch.predict(predictor, residual);
    BatchClusters clusters(batch, section, gates_known, *store_);
    HEARTH_TRY(NeuronCount count, run(compute, section, clusters));
    count.seen = batch.n_tokens() * batch.d_ff();
    batch.sum(out);
    return count;
}

void NeuronStream::look_ahead(const Compute& compute, size_t layer, size_t expert,
                              const Predictor& predictor, const float* residual) {
    look_ahead_.begin(compute, store_->section_of(layer, expert), predictor, residual);
}

}  // namespace hearth
