#include "engine/neuron/predictor.h"

#include <algorithm>
#include <array>

namespace hearth {

void predict_hidden(const Compute& compute, const Predictor& predictor, const float* residual,
                    PredictorScratch& scratch) {
    const size_t rank = predictor.fc1.rows;
    const std::array first{Product{predictor.fc1, nullptr, scratch.hidden.data(), rank}};
    multiply(compute,
             prepare_input(compute, residual, 1, predictor.fc1.cols, first, scratch.quantized),
             first);
    for (float& h : scratch.hidden.span().first(rank)) h = std::max(h, 0.0F);
    const std::array second{Product{predictor.fc2}};
    scratch.hidden_input =
        prepare_input(compute, scratch.hidden.data(), 1, rank, second, scratch.quantized);
}

void predict_range(const KernelTable& kernels, const Predictor& predictor, size_t begin, size_t end,
                   PredictorScratch& scratch, std::vector<uint32_t>& proposed) {
    kernels.matvec(predictor.fc2, begin, end, scratch.hidden_input, scratch.scores.data());
    for (size_t i = begin; i < end; ++i) {
        if (scratch.scores[i] >= predictor.threshold) proposed.push_back(static_cast<uint32_t>(i));
    }
}

void predict(const Compute& compute, const Predictor& predictor, const float* residual,
             PredictorScratch& scratch, std::vector<uint32_t>& proposed) {
    predict_hidden(compute, predictor, residual, scratch);
    const std::array second{
        Product{predictor.fc2, nullptr, scratch.scores.data(), predictor.fc2.rows}};
    multiply(compute, scratch.hidden_input, second);
    proposed.clear();
    for (size_t i = 0; i < predictor.fc2.rows; ++i) {
        if (scratch.scores[i] >= predictor.threshold) proposed.push_back(static_cast<uint32_t>(i));
    }
}

}  // namespace hearth
