// Floats to the block types of GGUF: the packer's quantizer, also used to make models for tests.
//
// Plain and offline: about 50 MB of floats per second and core. Scales are searched (a few
// candidates around the largest value, each followed by a least-squares fit) and codes are rounded
// to nearest with the scale as it is stored, so no rounding is paid twice.
#pragma once

#include <cstddef>
#include <span>

#include "engine/gguf/dtype.h"

namespace hearth {

// Whether quantize_weights() can write the type: F32, F16, BF16, Q4_0, Q5_0, Q8_0, Q4_K, Q5_K,
// Q6_K.
bool can_quantize(Dtype dtype);

// Writes row_bytes(dtype, x.size()) bytes to `out` (any alignment). x holds finite values, a whole
// number of blocks. Deterministic; thread-safe.
void quantize_weights(Dtype dtype, std::span<const float> x, std::byte* out);

}  // namespace hearth
