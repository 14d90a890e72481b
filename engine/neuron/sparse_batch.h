// The sparse FFN of several tokens: a neuron's rows are fetched once for all that want them.
//
// The gates of all tokens are one matrix product. Of up and down a token then needs the rows of its
// own open gates only, as a token alone does (sparse_ffn.h), and sums them in the same order: its
// neurons ascending into its own partial sum of their lane, lanes in theirs. Tokens take turns over
// a group of the rows that any of them wants while those are in the core's cache. A GEMM unpacks
// every row once and multiplies it with all tokens, nine tenths of them for nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/kernels/linear.h"
#include "engine/neuron/ffn_weights.h"
#include "engine/neuron/predictor.h"
#include "engine/neuron/sparse_ffn.h"
#include "engine/neuron/sparse_lane.h"

namespace hearth {

// Tokens that go through an FFN by neurons together at most. In memory 2 to 16 tokens of a model
// with 10 % active neurons take 0.65 to 0.85 of the dense pass's time, 32 still 0.85, 64 to 256
// 0.92 to 1: not worth the partial sums. Where more neurons are active it turns sooner.
inline constexpr size_t kSparseBatch = 32;

// One per session; sized for a model's largest FFN and n_tokens (at most kSparseBatch).
struct BatchScratch {
    BatchScratch() = default;
    BatchScratch(size_t n_tokens, size_t d_model, size_t d_ff, size_t max_rank);
    uint64_t bytes() const;

    AlignedBuffer<float> partial;        // (n_tokens, kLanes, d_model)
    std::vector<Q8Rows> quantized;       // by token, a row each: kernels for picked rows read row 0
    std::vector<ActivationView> inputs;  // by token
    std::array<std::vector<uint32_t>, kLanes> candidates;  // where all rows are in memory
    std::array<uint64_t, kLanes> n_active;
    PredictorScratch predictor;
};

class SparseBatch {
  public:
    // Tokens x (n_tokens, d_model), quantized where the weights need it, at most as many as the
    // scratch is for. `gate` (n_tokens, d_ff) is where their gates are or will be, and in the end
    // what they make of them: the activations, zero where a neuron did not fire. All outlive this.
    SparseBatch(const Compute& compute, FfnActivation activation, const FfnWeights& weights,
                const ActivationView& x, float* gate, BatchScratch& scratch);

    size_t n_tokens() const { return x_.n_tokens; }
    size_t d_ff() const { return weights_.gate.rows; }

    // How the gates of a lane get known, by one worker: computed,
    void compute_gates(size_t worker, size_t lane);
    // or guessed: open where predict(), which must have been called, proposes the neuron for a
    // token or it is among the hot ones (ascending), whose gates are then computed with their rows.
    void predict(const Predictor& predictor, const float* residual);
    void propose(size_t worker, size_t lane, std::span<const uint32_t> hot);

    // Once gates are known: begins the lane's sums, and appends the neurons whose gate is open for
    // any token to `open`, ascending.
    void begin_lane(size_t lane, std::vector<uint32_t>& open);

    // Adds some of these, the next ones, for each token that wants them; candidate i has the row
    // places[i]. `guessed`: gates are to be computed. Returns how many activations were not zero.
    size_t add(size_t lane, const BundleRows& rows, bool guessed, std::span<const uint32_t> neurons,
               const uint32_t* places);

    // out (n_tokens, d_model) = the lanes of each token summed, in their order.
    void sum(float* out) const;

  private:
    size_t add_for(size_t token, size_t lane, const BundleRows& rows, bool guessed,
                   std::span<const uint32_t> neurons, const uint32_t* places);
    float* partial(size_t token, size_t lane) const {
        return scratch_.partial.data() + (token * kLanes + lane) * weights_.gate.cols;
    }

    const Compute& compute_;
    const FfnActivation activation_;
    const FfnWeights& weights_;
    const ActivationView x_;
    float* const gate_;
    BatchScratch& scratch_;
    const Predictor* predictor_ = nullptr;
};

// out (n_tokens, d_model) = the FFN of a batch that has its gates. All rows are in memory, down is
// transposed.
NeuronCount sparse_feed_forward(const Compute& compute, const FfnWeights& weights,
                                SparseBatch& batch, BatchScratch& scratch, float* out);

}  // namespace hearth
