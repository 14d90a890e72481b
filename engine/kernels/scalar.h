// The scalar kernels by name: the vector tables reuse those that no profile shows, and the tests
// compare with them. Contracts in kernels.h.
#pragma once

#include "engine/kernels/kernels.h"

namespace hearth::scalar {

void dequantize_row(Dtype dtype, const std::byte* row, float* out, size_t n);
void gelu_mul(const float* gate, const float* up, float* out, size_t n);

extern const KernelTable kTable;

}  // namespace hearth::scalar
