// The AVX-512 kernel table.
#include "engine/kernels/avx512/avx512.h"

namespace hearth::avx512 {

constinit const KernelTable kTable = table_named("avx512");

}  // namespace hearth::avx512
