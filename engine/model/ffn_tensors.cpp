#include "engine/model/ffn_tensors.h"

#include <string>

#include "engine/base/printable.h"

namespace hearth {

namespace {

// Which tensors hold one FFN, and which slab of them is its own.
struct FfnNames {
    std::string gate;
    std::string up;
    std::string down;
    size_t index = 0;
    size_t n_slabs = 1;
};

FfnNames name_tensors(const Gguf& gguf, const ModelConfig& config, size_t layer, size_t expert) {
    const std::string prefix = fmt::format("blk.{}.ffn_", layer);
    const auto roles = [&](const std::string& suffix) {
        return FfnNames{prefix + "gate" + suffix, prefix + "up" + suffix, prefix + "down" + suffix};
    };
    if (config.n_experts == 0) {
        FfnNames names = roles(".weight");
        const std::string transposed = prefix + "down_t.weight";
        if (gguf.find(transposed) != nullptr) names.down = transposed;
        return names;
    }
    FfnNames merged = roles("_exps.weight");
    if (gguf.find(merged.gate) == nullptr) return roles(fmt::format(".{}.weight", expert));
    merged.index = expert;
    merged.n_slabs = config.n_experts;
    return merged;
}

// PowerInfer's dense files say it by the name. Its smallthinker files by the shape only
// (formats-and-kernels 1.3), so a square one is taken as it usually is.
bool is_transposed(const Gguf& gguf, const ModelConfig& config, const FfnNames& names) {
    if (names.down.ends_with("down_t.weight")) return true;
    const TensorInfo* const down = gguf.find(names.down);
    return down != nullptr && names.n_slabs > 1 && config.d_model != config.d_ff &&
           down->dims[0] == config.d_model && down->dims[1] == config.d_ff;
}

}  // namespace

Result<FileMatrix> find_matrix(const Gguf& gguf, const std::string& name, size_t rows, size_t cols,
                               size_t index, size_t n_slabs) {
    const TensorInfo* const tensor = gguf.find(name);
    if (tensor == nullptr) {
        return make_error(ErrorCode::bad_file,
                          "{}: tensor '{}' is missing among {} (is it a complete model?)",
                          printable_path(gguf.path()), name, gguf.tensors().size());
    }
    const auto& dims = tensor->dims;
    if (dims[0] != cols || dims[1] != rows || dims[2] != n_slabs || dims[3] != 1) {
        return make_error(ErrorCode::bad_file,
                          "{}: tensor '{}' is {} x {} x {} x {}, {} x {} x {} expected (metadata "
                          "and tensors disagree)",
                          printable_path(gguf.path()), name, dims[0], dims[1], dims[2], dims[3],
                          cols, rows, n_slabs);
    }
    const DtypeTraits& type = traits(tensor->dtype);
    if (!type.computable) {
        return make_error(
            ErrorCode::bad_file,
            "{}: tensor '{}' is {}, which hearth does not compute with (F32, F16, BF16, "
            "Q4_0, Q5_0, Q8_0, Q4_K, Q5_K, Q6_K)",
            printable_path(gguf.path()), name, type.name);
    }
    const size_t bytes = row_bytes(tensor->dtype, cols);
    return FileMatrix{tensor->dtype, tensor->file, tensor->offset + uint64_t{index} * rows * bytes,
                      rows,          cols,         bytes};
}

Result<FfnTensors> find_ffn_tensors(const Gguf& gguf, const ModelConfig& config, size_t layer,
                                    size_t expert) {
    const FfnNames names = name_tensors(gguf, config, layer, expert);
    const auto find = [&](const std::string& name, size_t rows, size_t cols) {
        return find_matrix(gguf, name, rows, cols, names.index, names.n_slabs);
    };
    FfnTensors tensors;
    HEARTH_TRY(tensors.gate, find(names.gate, config.d_ff, config.d_model));
    HEARTH_TRY(tensors.up, find(names.up, config.d_ff, config.d_model));
    tensors.down_is_transposed = is_transposed(gguf, config, names);
    HEARTH_TRY(tensors.down, tensors.down_is_transposed
                                 ? find(names.down, config.d_ff, config.d_model)
                                 : find(names.down, config.d_model, config.d_ff));
    return tensors;
}

}  // namespace hearth
