// Norms, activation functions and softmax for NEON.
#include "engine/kernels/neon/neon.h"
#include "engine/kernels/neon/vec.h"

namespace hearth::neon {

#include "engine/kernels/per_isa/vector_ops_inl.h"

}  // namespace hearth::neon
