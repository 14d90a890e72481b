// FfnWeights: the matrices of one FFN (or of one expert of a mixture), as neurons.
#pragma once

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

// One dense FFN, or one expert of a mixture. Neuron i is row i of gate, row i of up and
//   row i of down when down_is_transposed: down (d_ff, d_model), as neuron engines store it
//   column i of down otherwise:            down (d_model, d_ff), as GGUF files usually have it.
struct FfnWeights {
    MatrixView gate;  // (d_ff, d_model)
    MatrixView up;    // (d_ff, d_model)
    MatrixView down;
    bool down_is_transposed = false;
};

}  // namespace hearth
