// Opens a region compiled for AVX2 with FMA and F16C. No include guard: used as brackets.
//
// All standard headers must be included before: a function of theirs compiled in here could be
// the copy that the linker keeps for every processor. Everything inside is static for the same
// reason.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c")
#endif
