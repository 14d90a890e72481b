// Scheduling of the thread that a person waits for.
#pragma once

namespace hearth {

// Asks the kernel to run this thread soon after it wakes, for a short time each: while every core
// computes, a key is then shown within a millisecond instead of when a compute thread's slice ends.
// Needs no rights (Linux 6.12; earlier ones, which do not know it, stay as they are). Threads that
// are made later are not meant.
void ask_for_short_slices();

}  // namespace hearth
