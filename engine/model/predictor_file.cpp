#include "engine/model/predictor_file.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/printable.h"
#include "engine/gguf/gguf.h"
#include "engine/kernels/crc32c.h"

namespace hearth {

namespace {

// The tensors of a layer, checked.
struct LayerTensors {
    const TensorInfo* fc1 = nullptr;
    const TensorInfo* fc2 = nullptr;
    const TensorInfo* margin = nullptr;
};

Result<const TensorInfo*> require(const Gguf& file, const std::string& name, uint64_t cols) {
    const TensorInfo* const tensor = file.find(name);
    if (tensor == nullptr || tensor->dims[0] != cols || tensor->dims[2] != 1 ||
        tensor->dims[3] != 1 || !traits(tensor->dtype).computable) {
        return make_error(ErrorCode::bad_file,
                          "{}: tensor '{}' is missing or has other than {} columns (made for "
                          "another model? make it again)",
                          printable_path(file.path()), name, cols);
    }
    return tensor;
}

Result<LayerTensors> find_layer(const Gguf& file, size_t layer, const ModelConfig& config) {
    const std::string prefix = fmt::format("blk.{}.", layer);
    LayerTensors tensors;
    HEARTH_TRY(tensors.fc1, require(file, prefix + "fc1.weight", config.d_model));
    HEARTH_TRY(tensors.fc2, require(file, prefix + "fc2.weight", tensors.fc1->dims[1]));
    HEARTH_TRY(tensors.margin, require(file, prefix + "margin.weight", config.d_ff));
    if (tensors.fc2->dims[1] != config.d_ff || tensors.margin->dims[1] != 1 ||
        tensors.margin->dtype != Dtype::f32) {
        return make_error(ErrorCode::bad_file,
                          "{}: predictor of layer {} is for {} neurons, {} expected",
                          printable_path(file.path()), layer, tensors.fc2->dims[1], config.d_ff);
    }
    return tensors;
}

Result<void> check_origin(const Gguf& file, const ModelIdentity& model) {
    const Metadata& metadata = file.metadata();
    HEARTH_TRY(const auto architecture, metadata.optional_string("general.architecture"));
    if (architecture != kPredictorArchitecture) {
        return make_error(ErrorCode::bad_file,
                          "{}: not a file of predictors (general.architecture)",
                          printable_path(file.path()));
    }
    HEARTH_TRY(const auto made_for, metadata.optional_string(std::string(kPredictorModelKey)));
    if (made_for == model.hex()) return {};
    return make_error(
        ErrorCode::bad_file, "{}: made for another model, {} ({} expected; make it again)",
        printable_path(file.path()), printable(made_for.value_or("none")), model.hex());
}

Result<std::vector<int64_t>> read_checksums(const Gguf& file, size_t n_layers) {
    HEARTH_TRY(auto crcs, file.metadata().optional_ints(std::string(kPredictorCrcKey)));
    if (crcs && crcs->size() == n_layers) return std::move(*crcs);
    return make_error(ErrorCode::bad_file, "{}: {} checksums, {} expected, {}",
                      printable_path(file.path()), crcs ? crcs->size() : 0, n_layers,
                      kPredictorCrcKey);
}

// A tensor's place in the arena.
uint64_t place_bytes(const TensorInfo& tensor) {
    return round_up<uint64_t>(tensor.bytes, kCacheLine);
}

Result<std::vector<LayerTensors>> find_layers(const Gguf& file, const ModelConfig& config) {
    std::vector<LayerTensors> layers;
    for (size_t i = 0; i < config.n_layers; ++i) {
        HEARTH_TRY(const LayerTensors tensors, find_layer(file, i, config));
        layers.push_back(tensors);
    }
    return layers;
}

PredictorSizes sizes_of(const std::vector<LayerTensors>& layers) {
    PredictorSizes sizes;
    if (!layers.empty()) sizes.dtype = layers.front().fc1->dtype;
    for (const LayerTensors& layer : layers) {
        sizes.bytes +=
            place_bytes(*layer.fc1) + place_bytes(*layer.fc2) + place_bytes(*layer.margin);
        sizes.max_rank = std::max<size_t>(sizes.max_rank, layer.fc1->dims[1]);
    }
    return sizes;
}

}  // namespace

std::string predictor_path_beside(const std::string& pack_path) {
    return pack_path + ".predictors";
}

Result<PredictorSizes> measure_predictors(const std::string& path, const ModelConfig& config) {
    HEARTH_TRY(const Gguf file, Gguf::open(path));
    HEARTH_TRY(const auto layers, find_layers(file, config));
    return sizes_of(layers);
}

Result<void> load_predictors(const std::string& path, const ModelIdentity& model,
                             const ModelConfig& config, Weights& weights) {
    HEARTH_TRY(const Gguf file, Gguf::open(path));
    HEARTH_TRY_VOID(check_origin(file, model));
    HEARTH_TRY(const std::vector<int64_t> crcs, read_checksums(file, config.n_layers));
    HEARTH_TRY(const std::vector<LayerTensors> layers, find_layers(file, config));
    const PredictorSizes sizes = sizes_of(layers);
    weights.predictor_arena = AlignedBuffer<std::byte>(sizes.bytes);
    std::byte* place = weights.predictor_arena.data();
    const auto read = [&](const TensorInfo& tensor, uint32_t& crc) -> Result<MatrixView> {
        const std::span<std::byte> data(place, tensor.bytes);
        HEARTH_TRY_VOID(read_exact(file.file(tensor.file), tensor.offset, data));
        crc = crc32c(data, crc);
        place += place_bytes(tensor);
        return MatrixView{tensor.dtype, data.data(), tensor.dims[1], tensor.dims[0],
                          row_bytes(tensor.dtype, tensor.dims[0])};
    };
    for (size_t i = 0; i < config.n_layers; ++i) {
        Predictor& predictor = weights.layers[i].predictor;
        uint32_t crc = 0;
        HEARTH_TRY(predictor.fc1, read(*layers[i].fc1, crc));
        HEARTH_TRY(predictor.fc2, read(*layers[i].fc2, crc));
        HEARTH_TRY(const MatrixView margin, read(*layers[i].margin, crc));
        predictor.margins = reinterpret_cast<const float*>(margin.data);
        if (crc != crcs[i]) {
            return make_error(ErrorCode::bad_file,
                              "{}: predictor of layer {} is damaged (make it again)",
                              printable_path(path), i);
        }
    }
    weights.max_predictor_rank = std::max(weights.max_predictor_rank, sizes.max_rank);
    weights.fixed_bytes += sizes.bytes;
    return {};
}

}  // namespace hearth
