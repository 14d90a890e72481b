// Broken invariants stop the program: the terminal is given back, one line is said, abort().
//
// Expected failures are Results (result.h); these macros are for what cannot happen.
#pragma once

namespace hearth {

// Called once before a failed check aborts, e.g. to restore the terminal. Must be
// async-signal-safe. nullptr removes it.
void set_abort_hook(void (*hook)());

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace hearth

// Always on.
#define HEARTH_CHECK(condition)             \
    (static_cast<bool>(condition) ? void(0) \
                                  : ::hearth::check_failed(#condition, __FILE__, __LINE__))

// On in debug builds only: for hot loops.
#ifdef HEARTH_DEBUG
#define HEARTH_DCHECK(condition) HEARTH_CHECK(condition)
#else
#define HEARTH_DCHECK(condition) static_cast<void>(0)
#endif
