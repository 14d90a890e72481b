// Sixteen floats from memory of any float type, with masks for the ends of rows.
#pragma once

#include "engine/kernels/intrinsics.h"

#include <cstddef>

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

// The first n of 16 lanes, all of them from 16 on.
static inline __mmask16 first_lanes(size_t n) {
    return static_cast<__mmask16>(n >= 16 ? 0xffffu : (1u << n) - 1u);
}

struct F32 {
    static constexpr size_t kBytes = 4;
    static inline __m512 load(const std::byte* at, __mmask16 mask) {
        return _mm512_maskz_loadu_ps(mask, at);
    }
};
struct F16 {
    static constexpr size_t kBytes = 2;
    static inline __m512 load(const std::byte* at, __mmask16 mask) {
        return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, at));
    }
};
struct Bf16 {
    static constexpr size_t kBytes = 2;
    static inline __m512 load(const std::byte* at, __mmask16 mask) {
        const __m512i bits = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, at));
        return _mm512_castsi512_ps(_mm512_slli_epi32(bits, 16));
    }
};

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
