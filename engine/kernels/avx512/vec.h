// Vec: sixteen floats. The vector operations common to all instruction sets are written over it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernels/intrinsics.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

// The first n of 16 lanes, all of them from 16 on.
static inline __mmask16 first_lanes(size_t n) {
    return static_cast<__mmask16>(n >= 16 ? 0xffffu : (1u << n) - 1u);
}

struct Vec {
    static constexpr size_t kWidth = 16;
    static constexpr size_t kQueryTile = 4;  // x 4 accumulators: half of the registers

    __m512 v;

    static inline Vec zero() { return {_mm512_setzero_ps()}; }
    static inline Vec all(float x) { return {_mm512_set1_ps(x)}; }
    static inline Vec load(const float* from) { return {_mm512_loadu_ps(from)}; }
    // The first n, at most kWidth; the rest is zero. Nothing beyond them is read.
    static inline Vec load_first(const float* from, size_t n) {
        return {_mm512_maskz_loadu_ps(first_lanes(n), from)};
    }
    static inline Vec load_f16(const uint16_t* from) {
        return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)))};
    }
    static inline Vec load_first_f16(const uint16_t* from, size_t n) {
        return {_mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first_lanes(n), from))};
    }
    static inline Vec load_bf16(const uint16_t* from) { return load_first_bf16(from, kWidth); }
    static inline Vec load_first_bf16(const uint16_t* from, size_t n) {
        const __m512i bits = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(first_lanes(n), from));
        return {_mm512_castsi512_ps(_mm512_slli_epi32(bits, 16))};
    }
    inline void store(float* to) const { _mm512_storeu_ps(to, v); }
    inline void store_first(float* to, size_t n) const {
        _mm512_mask_storeu_ps(to, first_lanes(n), v);
    }
    inline void store_first_f16(uint16_t* to, size_t n) const {
        _mm256_mask_storeu_epi16(to, first_lanes(n), _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
    }

    inline float sum() const { return _mm512_reduce_add_ps(v); }
    inline float max() const { return _mm512_reduce_max_ps(v); }
};

static inline Vec operator+(Vec a, Vec b) {
    return {_mm512_add_ps(a.v, b.v)};
}
static inline Vec operator-(Vec a, Vec b) {
    return {_mm512_sub_ps(a.v, b.v)};
}
static inline Vec operator*(Vec a, Vec b) {
    return {_mm512_mul_ps(a.v, b.v)};
}
static inline Vec operator/(Vec a, Vec b) {
    return {_mm512_div_ps(a.v, b.v)};
}
// a * b + c, rounded once.
static inline Vec fma(Vec a, Vec b, Vec c) {
    return {_mm512_fmadd_ps(a.v, b.v, c.v)};
}
// c - a * b, rounded once.
static inline Vec negative_fma(Vec a, Vec b, Vec c) {
    return {_mm512_fnmadd_ps(a.v, b.v, c.v)};
}
static inline Vec nearest(Vec x) {
    return {_mm512_roundscale_ps(x.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
// If one is NaN the result is b.
static inline Vec max(Vec a, Vec b) {
    return {_mm512_max_ps(a.v, b.v)};
}
static inline Vec min(Vec a, Vec b) {
    return {_mm512_min_ps(a.v, b.v)};
}
// x * 2^n for whole n in [-160, 160].
static inline Vec scale_by_power(Vec x, Vec n) {
    return {_mm512_scalef_ps(x.v, n.v)};
}

// Stores scale times the sums of a, b, c and d, in this order.
static inline void store_sums(Vec a, Vec b, Vec c, Vec d, float scale, float* to) {
    // Per lane of 128 bits: a, b, a, b and c, d, c, d; then a, b, c, d.
    const Vec ab = Vec{_mm512_unpacklo_ps(a.v, b.v)} + Vec{_mm512_unpackhi_ps(a.v, b.v)};
    const Vec cd = Vec{_mm512_unpacklo_ps(c.v, d.v)} + Vec{_mm512_unpackhi_ps(c.v, d.v)};
    const Vec low{_mm512_shuffle_ps(ab.v, cd.v, 0x44)};
    const Vec high{_mm512_shuffle_ps(ab.v, cd.v, 0xee)};
    const Vec lanes = low + high;
    const __m256 two =
        _mm256_add_ps(_mm512_castps512_ps256(lanes.v), _mm512_extractf32x8_ps(lanes.v, 1));
    const __m128 sums = _mm_add_ps(_mm256_castps256_ps128(two), _mm256_extractf128_ps(two, 1));
    _mm_storeu_ps(to, _mm_mul_ps(sums, _mm_set1_ps(scale)));
}

#include "engine/kernels/per_isa/float_types_inl.h"

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
