// The sparse FFN of one token: only neurons that fire cost their up and down rows.
//
// Order of the sum. The neurons of an FFN are divided among kLanes lanes by index; a lane's neurons
// are added in ascending order into the lane's own partial sum, and the partial sums are added in
// order of lanes. Any worker may take any lane, so the result depends neither on the number of
// threads nor on who was faster.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/kernels/linear.h"
#include "engine/neuron/ffn_weights.h"
#include "engine/neuron/predictor.h"

namespace hearth {

// How the active set is known (design.md 5).
enum class SparsityMode {
    dense,      // everything is computed
    exact,      // all gates are computed; up and down of those that fire
    predicted,  // gates of proposed neurons only: what the predictor misses is lost
};
std::string_view to_string(SparsityMode mode);

// What was looked at and what fired, summed over FFNs and tokens.
struct NeuronCount {
    uint64_t seen = 0;      // neurons of the FFNs
    uint64_t active = 0;    // whose activation was not zero
    uint64_t sampled = 0;   // active ones of the tokens at which recall was measured
    uint64_t recalled = 0;  // of these, proposed by the predictor

    NeuronCount& operator+=(const NeuronCount& other);
};

inline constexpr size_t kLanes = 16;

// The first neuron of a lane; that of lane kLanes is d_ff.
inline constexpr size_t lane_begin(size_t lane, size_t d_ff) {
    return lane * d_ff / kLanes;
}

// One per session; sized for a model's largest FFN.
struct SparseScratch {
    SparseScratch() = default;
    SparseScratch(size_t d_model, size_t d_ff, size_t max_rank);

    AlignedBuffer<float> gate;         // (d_ff)
    AlignedBuffer<float> partial;      // (kLanes, d_model)
    std::vector<uint32_t> candidates;  // ascending
    std::array<NeuronCount, kLanes> counts;
    PredictorScratch predictor;
};

// What one call reads.
struct SparseInput {
    ActivationView normed;  // 1 token: the FFN's input, quantized where the weights need it
    const float* residual;  // (d_model) the predictor's input
    bool gates_known;  // SparseScratch::gate holds them already; only where neurons are streamed
    bool measures_recall;          // predicted mode: compute all gates too, to see what was missed
    std::vector<uint32_t>* fired;  // filled with the neurons that fired, ascending; null: not asked
};

// out (d_model) = the FFN of one token. weights.down must be transposed; mode is exact or
// predicted, and predicted needs a predictor.
NeuronCount sparse_feed_forward(const Compute& compute, FfnActivation activation,
                                const FfnWeights& weights, const Predictor& predictor,
                                SparsityMode mode, const SparseInput& input, float* out,
                                SparseScratch& scratch);

// out (d_model) = scratch.partial summed over lanes, in their order.
void sum_lanes(const Compute& compute, const SparseScratch& scratch, size_t d_model, float* out);

}  // namespace hearth
