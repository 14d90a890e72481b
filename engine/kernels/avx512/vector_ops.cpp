// Norms, activation functions and softmax for AVX-512.
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/avx512/vec.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

#include "engine/kernels/per_isa/vector_ops_inl.h"

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
