// Closes the region opened by <isa>/target_begin.h. No include guard: used as brackets.
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
