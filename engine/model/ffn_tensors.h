// Where matrices lie in a model file, those of an FFN above all, without reading them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"

namespace hearth {

// A matrix that is a tensor, or one expert's slab of a tensor. Rows follow each other without gaps.
struct FileMatrix {
    Dtype dtype = Dtype::f32;
    size_t file = 0;      // for Gguf::file()
    uint64_t offset = 0;  // of row 0 in that file
    size_t rows = 0;
    size_t cols = 0;
    size_t row_bytes = 0;

    uint64_t row_offset(size_t row) const { return offset + uint64_t{row} * row_bytes; }
    uint64_t bytes() const { return uint64_t{rows} * row_bytes; }
};

// A tensor (cols, rows), or slab `index` of one (cols, rows, n_slabs). Shape and type are checked;
// bad_file with one line.
Result<FileMatrix> find_matrix(const Gguf& gguf, const std::string& name, size_t rows, size_t cols,
                               size_t index = 0, size_t n_slabs = 1);

struct FfnTensors {
    FileMatrix gate;  // (d_ff, d_model)
    FileMatrix up;    // (d_ff, d_model)
    FileMatrix down;  // (d_ff, d_model) when transposed, else (d_model, d_ff)
    bool down_is_transposed = false;
};

// The FFN of a layer, or one of its experts: dense tensors, PowerInfer's ffn_down_t, experts merged
// into one tensor (with down either way round, as smallthinker files have it) or one tensor each
// (Mixtral files of early 2024). Shapes and types are checked; bad_file with one line.
Result<FfnTensors> find_ffn_tensors(const Gguf& gguf, const ModelConfig& config, size_t layer,
                                    size_t expert);

}  // namespace hearth
