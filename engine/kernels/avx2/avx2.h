// The parts of the AVX2 table, one per source file of this folder.
#pragma once

#include "engine/kernels/kernels.h"
#include "engine/kernels/scalar.h"

namespace hearth::avx2 {

#include "engine/kernels/per_isa/table_inl.h"

}  // namespace hearth::avx2
