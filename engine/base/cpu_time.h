// Processor time of this process.
#pragma once

namespace hearth {

// Seconds that all of its threads have computed, in the kernel and outside, since it began.
double process_cpu_seconds();

}  // namespace hearth
