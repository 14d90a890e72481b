// Makes predictors for a model that has none, without training: from its gate matrices and a text.
//
// The gates of an FFN are guessed from their leading directions (low_rank.h), and a neuron is
// proposed when its guess comes within z times its own usual error of opening:
//
//   fc1      the guess's numbers h, scaled to deviation 1; the norm's weights are in them, and its
//            division does not change the sign of a score
//   fc2      each direction's weight for h
//   margin   z times the neuron's error, per sum of |h|
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "engine/engine.h"

namespace hearth {

struct PredictorOptions {
    std::string path = {};  // of the file (engine/model/predictor_file.h); its folder exists
    // Directions; 0 = half of d_model, at most 256. A multiple of 32.
    size_t rank = 0;
    double recall = 0.99;  // of open gates, in the calibrating half of the text
    size_t n_threads = 1;
    // Called with layers done and in all; false stops (ErrorCode::cancelled).
    std::function<bool(size_t done, size_t total)> on_progress = {};
};

struct PredictorReport {
    size_t rank = 0;
    uint64_t bytes = 0;     // of the predictors of all layers
    double recall = 0.0;    // of the calibrating half, before quantization
    double proposed = 0.0;  // neurons, as a multiple of those open
};

// `tokens` is a text the model would read, four times the rank or more: half is fitted to, half
// calibrates. All weights of `model` are in memory. Errors: usage for a model that is not a dense
// ReLU one, for a rank that does not fit or too short a text; machine for the disk.
Result<PredictorReport> make_predictors(const Model& model, std::span<const Token> tokens,
                                        const PredictorOptions& options);

}  // namespace hearth
