// Predictor: guesses from the residual stream which neurons of one FFN will fire.
//
// Two low-rank forms, of x, the residual after attention, before the FFN's norm:
//   trained (PowerInfer's, formats-and-kernels 1.2)  fc2 * relu(fc1 * x) >= threshold
//   made of the gate matrix (planner)                fc2 * h + margin * sum |h| >= 0, h = fc1 * x
// The second guesses the gates themselves; a neuron is proposed when its guess comes near enough to
// zero, and the sum of |h| tells how large the residual is, by which a norm would have divided.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/kernels/linear.h"

namespace hearth {

struct Predictor {
    MatrixView fc1;  // (rank, d_model)
    MatrixView fc2;  // (d_ff, rank)
    float threshold = 0.0F;
    const float* margins = nullptr;  // (d_ff); the second form where they are given

    bool is_present() const { return fc1.rows > 0; }
};

// Scratch of predict(), for the largest rank and d_ff of a model. That of a batch keeps no scores.
struct PredictorScratch {
    PredictorScratch() = default;
    PredictorScratch(size_t d_model, size_t max_rank, size_t d_ff, size_t n_tokens = 1)
        : hidden(n_tokens * max_rank),
          hidden_sums(n_tokens),
          scores(d_ff),
          quantized(n_tokens, round_up(std::max(d_model, max_rank), kQ8Block)) {}

    AlignedBuffer<float> hidden;     // (n_tokens, rank)
    std::vector<float> hidden_sums;  // of |hidden| by token, for margins
    AlignedBuffer<float> scores;     // (d_ff)
    Q8Rows quantized;                // (n_tokens, max(d_model, rank))
    ActivationView hidden_input;     // `hidden` as the second matrix reads it
};

// The first half: scratch.hidden. `residual` is (n_tokens, d_model).
void predict_hidden(const Compute& compute, const Predictor& predictor, const float* residual,
                    PredictorScratch& scratch, size_t n_tokens = 1);

// The second half for neurons [begin, end), by one worker: appends those proposed to `proposed`,
// ascending. Distinct ranges may run at the same time.
void predict_range(const KernelTable& kernels, const Predictor& predictor, size_t begin, size_t end,
                   PredictorScratch& scratch, std::vector<uint32_t>& proposed);

// The same for all tokens of a batch: wanted (n_tokens, d_ff) gets 1 where a neuron is proposed for
// a token and 0 elsewhere.
void predict_range(const Compute& compute, size_t worker, const Predictor& predictor, size_t begin,
                   size_t end, const PredictorScratch& scratch, float* wanted);

// Replaces `proposed` by the neurons whose score reaches the threshold, ascending. `residual` has
// d_model floats.
void predict(const Compute& compute, const Predictor& predictor, const float* residual,
             PredictorScratch& scratch, std::vector<uint32_t>& proposed);

}  // namespace hearth
