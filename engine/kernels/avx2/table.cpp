// The AVX2 kernel table.
#include "engine/kernels/avx2/avx2.h"

namespace hearth::avx2 {

constinit const KernelTable kTable = table_named("avx2");

}  // namespace hearth::avx2
