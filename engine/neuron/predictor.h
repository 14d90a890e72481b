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

// Scratch of predict(), for the largest rank and d_ff of a model.
struct PredictorScratch {
    PredictorScratch() = default;
    PredictorScratch(size_t d_model, size_t max_rank, size_t d_ff)
        : hidden(max_rank),
          scores(d_ff),
          quantized(1, round_up(std::max(d_model, max_rank), kQ8Block)) {}

    AlignedBuffer<float> hidden;  // (rank)
    AlignedBuffer<float> scores;  // (d_ff)
    Q8Rows quantized;             // (1, max(d_model, rank))
    ActivationView hidden_input;  // `hidden` as the second matrix reads it
    float hidden_sum = 0.0F;      // of |hidden|, for margins
};

// The first half: scratch.hidden. `residual` has d_model floats.
void predict_hidden(const Compute& compute, const Predictor& predictor, const float* residual,
                    PredictorScratch& scratch);

// The second half for neurons [begin, end), by one worker: appends those proposed to `proposed`,
// ascending. Distinct ranges may run at the same time.
void predict_range(const KernelTable& kernels, const Predictor& predictor, size_t begin, size_t end,
                   PredictorScratch& scratch, std::vector<uint32_t>& proposed);

// Replaces `proposed` by the neurons whose score reaches the threshold, ascending. `residual` has
// d_model floats.
void predict(const Compute& compute, const Predictor& predictor, const float* residual,
             PredictorScratch& scratch, std::vector<uint32_t>& proposed);

}  // namespace hearth
