// Attention for AVX2.
#include "engine/kernels/avx2/avx2.h"
#include "engine/kernels/avx2/vec.h"

#include "engine/kernels/avx2/target_begin.h"

namespace hearth::avx2 {

#include "engine/kernels/per_isa/attention_inl.h"

}  // namespace hearth::avx2

#include "engine/kernels/target_end.h"
