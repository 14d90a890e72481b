#include "engine/neuron/predictor.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hearth {

namespace {

// The least score that proposes neuron i for token t.
float least_score(const Predictor& predictor, const PredictorScratch& scratch, size_t t, size_t i) {
    return predictor.margins != nullptr ? -predictor.margins[i] * scratch.hidden_sums[t]
                                        : predictor.threshold;
}

// Appends those of neurons [begin, end) whose score suffices.
void propose(const Predictor& predictor, size_t begin, size_t end, const PredictorScratch& scratch,
             std::vector<uint32_t>& proposed) {
    for (size_t i = begin; i < end; ++i) {
        if (scratch.scores[i] >= least_score(predictor, scratch, 0, i)) {
            proposed.push_back(static_cast<uint32_t>(i));
        }
    }
}

}  // namespace

void predict_hidden(const Compute& compute, const Predictor& predictor, const float* residual,
                    PredictorScratch& scratch, size_t n_tokens) {
    const size_t rank = predictor.fc1.rows;
    const std::array first{Product{predictor.fc1, nullptr, scratch.hidden.data(), rank}};
    multiply(
        compute,
        prepare_input(compute, residual, n_tokens, predictor.fc1.cols, first, scratch.quantized),
        first);
    for (size_t t = 0; t < n_tokens; ++t) {
        const auto hidden = scratch.hidden.span().subspan(t * rank, rank);
        if (predictor.margins != nullptr) {
            scratch.hidden_sums[t] = 0.0F;
            for (const float h : hidden) scratch.hidden_sums[t] += std::abs(h);
        } else {
            for (float& h : hidden) h = std::max(h, 0.0F);
        }
    }
    const std::array second{Product{predictor.fc2}};
    scratch.hidden_input =
        prepare_input(compute, scratch.hidden.data(), n_tokens, rank, second, scratch.quantized);
}

void predict_range(const KernelTable& kernels, const Predictor& predictor, size_t begin, size_t end,
                   PredictorScratch& scratch, std::vector<uint32_t>& proposed) {
    kernels.matvec(predictor.fc2, begin, end, scratch.hidden_input, scratch.scores.data());
    propose(predictor, begin, end, scratch, proposed);
}

void predict_range(const Compute& compute, size_t worker, const Predictor& predictor, size_t begin,
                   size_t end, const PredictorScratch& scratch, float* wanted) {
    const size_t d_ff = predictor.fc2.rows;
    multiply_range(compute, worker, scratch.hidden_input, {predictor.fc2, nullptr, wanted, d_ff},
                   begin, end);
    for (size_t t = 0; t < scratch.hidden_input.n_tokens; ++t) {
        float* const scores = wanted + t * d_ff;
        for (size_t i = begin; i < end; ++i) {
            scores[i] = scores[i] >= least_score(predictor, scratch, t, i) ? 1.0F : 0.0F;
        }
    }
}

void predict(const Compute& compute, const Predictor& predictor, const float* residual,
             PredictorScratch& scratch, std::vector<uint32_t>& proposed) {
    predict_hidden(compute, predictor, residual, scratch);
    const std::array second{
        Product{predictor.fc2, nullptr, scratch.scores.data(), predictor.fc2.rows}};
    multiply(compute, scratch.hidden_input, second);
    proposed.clear();
    propose(predictor, 0, predictor.fc2.rows, scratch, proposed);
}

}  // namespace hearth
