// The file of predictors for a model that has none: made by the planner from the gate matrices,
// kept beside the model's pack, loaded as the Predictors of its layers.
//
// A GGUF of its own:
//   general.architecture       "hearth-predictor"
//   hearth.predictor.model     identity of the model, 32 hexadecimal digits
//   hearth.predictor.crc32c    u32[n_layers]: CRC32C of a layer's fc1 followed by its fc2
//   blk.N.fc1.weight           (rank, d_model), as in PowerInfer's files
//   (engine/neuron/predictor.h) blk.N.fc2.weight           (d_ff, rank)
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"
#include "engine/neuron/model_identity.h"

namespace hearth {

inline constexpr std::string_view kPredictorArchitecture = "hearth-predictor";
inline constexpr std::string_view kPredictorModelKey = "hearth.predictor.model";
inline constexpr std::string_view kPredictorCrcKey = "hearth.predictor.crc32c";

// The file that belongs to a pack, whether it is there or not.
std::string predictor_path_beside(const std::string& pack_path);

// What loading the file will need; nothing of its data is read.
struct PredictorSizes {
    uint64_t bytes = 0;
    size_t max_rank = 0;
    Dtype dtype = Dtype::f32;  // of fc1 in the first layer
};
Result<PredictorSizes> measure_predictors(const std::string& path, const ModelConfig& config);

// Gives every layer of a dense ReLU model its predictor; weights.predictor_arena holds them.
// Refuses (bad_file) a file that was made for another model, has other shapes or is damaged.
Result<void> load_predictors(const std::string& path, const ModelIdentity& model,
                             const ModelConfig& config, Weights& weights);

}  // namespace hearth
