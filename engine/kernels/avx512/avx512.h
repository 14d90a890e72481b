// The parts of the AVX-512 table, one per source file of this folder.
#pragma once

#include "engine/kernels/kernels.h"
#include "engine/kernels/scalar.h"

namespace hearth::avx512 {

#include "engine/kernels/per_isa/table_inl.h"

}  // namespace hearth::avx512
