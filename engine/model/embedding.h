// Embedding: a vector per token. A decode step reads one row of it, so where memory is short the
// matrix stays in the model file and rows are read as tokens come: 70 MB of a 7B, 350 of a model
// with 152 K tokens.
#pragma once

#include <cstdint>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "engine/base/token.h"
#include "engine/kernels/kernels.h"

namespace hearth {

struct Embedding {
    MatrixView table;            // (n_vocab, d_model); without data: in the file
    const File* file = nullptr;  // the model's, which outlives this
    uint64_t offset = 0;         // of row 0

    bool is_resident() const { return table.data != nullptr; }

    // out (d_model). Any thread; fails only where the file cannot be read.
    Result<void> read(const KernelTable& kernels, Token token, float* out) const;
};

}  // namespace hearth
