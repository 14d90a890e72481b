#include "engine/neuron/predictor.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hearth {

namespace {

// Appends those of neurons [begin, end) whose score suffices.
void propose(const Predictor& predictor, size_t begin, size_t end, const PredictorScratch& scratch,
             std::vector<uint32_t>& proposed) {
    for (size_t i = begin; i < end; ++i) {
        const float least = predictor.margins != nullptr
                                ? -predictor.margins[i] * scratch.hidden_sum
                                : predictor.threshold;
        if (scratch.scores[i] >= least) proposed.push_back(static_cast<uint32_t>(i));
    }
}

}  // namespace

void predict_hidden(const Compute& compute, const Predictor& predictor, const float* residual,
                    PredictorScratch& scratch) {
    const size_t rank = predictor.fc1.rows;
    const std::array first{Product{predictor.fc1, nullptr, scratch.hidden.data(), rank}};
    multiply(compute,
             prepare_input(compute, residual, 1, predictor.fc1.cols, first, scratch.quantized),
             first);
    if (predictor.margins != nullptr) {
        scratch.hidden_sum = 0.0F;
        for (const float h : scratch.hidden.span().first(rank)) scratch.hidden_sum += std::abs(h);
    } else {
        for (float& h : scratch.hidden.span().first(rank)) h = std::max(h, 0.0F);
    }
    const std::array second{Product{predictor.fc2}};
    scratch.hidden_input =
        prepare_input(compute, scratch.hidden.data(), 1, rank, second, scratch.quantized);
}

void predict_range(const KernelTable& kernels, const Predictor& predictor, size_t begin, size_t end,
                   PredictorScratch& scratch, std::vector<uint32_t>& proposed) {
    kernels.matvec(predictor.fc2, begin, end, scratch.hidden_input, scratch.scores.data());
    propose(predictor, begin, end, scratch, proposed);
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
