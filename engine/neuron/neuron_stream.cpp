#include "engine/neuron/neuron_stream.h"

#include <algorithm>
#include <iterator>

#include "engine/neuron/cluster_pass.h"

namespace hearth {

NeuronStream::NeuronStream(std::unique_ptr<BundleStore> store, size_t d_model, size_t d_ff,
                           size_t max_rank)
    : store_(std::move(store)), look_ahead_(d_model, max_rank, d_ff) {
    for (Cluster& cluster : clusters_) cluster.candidates.reserve(d_ff / kLanes + 1);
}

Result<NeuronCount> NeuronStream::feed_forward(const Compute& compute, FfnActivation activation,
                                               size_t layer, size_t expert,
                                               const FfnWeights& weights,
                                               const Predictor& predictor, SparsityMode mode,
                                               const SparseInput& input, float* out,
                                               SparseScratch& scratch) {
    const ClusterWork work{compute, activation, store_->section_of(layer, expert),
                           weights, predictor,  mode,
                           input,   scratch};
    if (mode == SparsityMode::predicted) {
        predict_hidden(compute, predictor, input.residual, scratch.predictor);
    }
    ClusterPass pass(work, *store_, look_ahead_, clusters_);
    auto count = pass.run();
    stall_seconds_ += pass.stall_seconds();
    if (!count) {
        look_ahead_.drop();
        return count;
    }
    HEARTH_TRY_VOID(look_ahead_.finish(*store_));
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

void NeuronStream::look_ahead(const Compute& compute, size_t layer, size_t expert,
                              const Predictor& predictor, const float* residual) {
    look_ahead_.begin(compute, store_->section_of(layer, expert), predictor, residual);
}

}  // namespace hearth
