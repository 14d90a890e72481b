// FfnWeights: the matrices of one FFN (or of one expert of a mixture), as neurons.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/kernels/kernels.h"

namespace hearth {

// What the FFN applies between gate/up and down (design.md 4). The two ReLU forms are sparse: a
// neuron whose activation is zero needs neither its up nor its down row.
enum class FfnActivation { silu, gelu, relu, drelu };
std::string_view to_string(FfnActivation activation);
inline constexpr bool is_sparse(FfnActivation activation) {
    return activation == FfnActivation::relu || activation == FfnActivation::drelu;
}

// Where a matrix lies in the model's files, row after row: for those that are not in memory.
struct MatrixPlace {
    uint32_t file = 0;    // as TensorInfo counts files
    uint64_t offset = 0;  // of row 0
};

// One dense FFN, or one expert of a mixture. A view without data is a matrix that is not in memory.
// Neuron i is row i of gate, row i of up and
//   row i of down when down_is_transposed: down (d_ff, d_model), as neuron engines store it
//   column i of down otherwise:            down (d_model, d_ff), as GGUF files usually have it.
struct FfnWeights {
    MatrixView gate;  // (d_ff, d_model)
    MatrixView up;    // (d_ff, d_model)
    MatrixView down;
    bool down_is_transposed = false;
    MatrixPlace gate_place;
    MatrixPlace up_place;
    MatrixPlace down_place;

    bool is_resident() const {
        return gate.data != nullptr && up.data != nullptr && down.data != nullptr;
    }
};

}  // namespace hearth
