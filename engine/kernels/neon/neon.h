// The parts of the NEON table, one per source file of this folder.
#pragma once

#include "engine/kernels/kernels.h"
#include "engine/kernels/scalar.h"

namespace hearth::neon {

#include "engine/kernels/per_isa/table_inl.h"

}  // namespace hearth::neon
