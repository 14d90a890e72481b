// The NEON kernel table.
#include "engine/kernels/neon/neon.h"

namespace hearth::neon {

constinit const KernelTable kTable = table_named("neon");

}  // namespace hearth::neon
