// Attention for NEON.
#include "engine/kernels/neon/neon.h"
#include "engine/kernels/neon/vec.h"

namespace hearth::neon {

#include "engine/kernels/per_isa/attention_inl.h"

}  // namespace hearth::neon
