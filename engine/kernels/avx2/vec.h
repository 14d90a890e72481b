// Vec: eight floats. The vector operations common to all instruction sets are written over it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/kernels/intrinsics.h"

#include "engine/kernels/avx2/target_begin.h"

namespace hearth::avx2 {

// A window on this that begins n before the middle has its first n lanes set.
alignas(64) inline constexpr int32_t kLaneMasks[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

// The first n of 8 lanes, all of them from 8 on.
static inline __m256i first_lanes(size_t n) {
    const int32_t* from = kLaneMasks + 8 - (n < 8 ? n : 8);
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

struct Vec {
    static constexpr size_t kWidth = 8;
    static constexpr size_t kQueryTile = 2;  // x 4 accumulators: half of the registers

    __m256 v;

    static inline Vec zero() { return {_mm256_setzero_ps()}; }
    static inline Vec all(float x) { return {_mm256_set1_ps(x)}; }
    static inline Vec load(const float* from) { return {_mm256_loadu_ps(from)}; }
    // The first n, at most kWidth; the rest is zero. Nothing beyond them is read.
    static inline Vec load_first(const float* from, size_t n) {
        return {_mm256_maskload_ps(from, first_lanes(n))};
    }
    static inline Vec load_f16(const uint16_t* from) {
        return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)))};
    }
    static inline Vec load_first_f16(const uint16_t* from, size_t n) {
        uint16_t halves[8] = {};
        std::memcpy(halves, from, (n < 8 ? n : 8) * sizeof *from);
        return load_f16(halves);
    }
    static inline Vec load_bf16(const uint16_t* from) {
        const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        return {_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16))};
    }
    static inline Vec load_first_bf16(const uint16_t* from, size_t n) {
        uint16_t halves[8] = {};
        std::memcpy(halves, from, (n < 8 ? n : 8) * sizeof *from);
        return load_bf16(halves);
    }
    inline void store(float* to) const { _mm256_storeu_ps(to, v); }
    inline void store_first(float* to, size_t n) const {
        _mm256_maskstore_ps(to, first_lanes(n), v);
    }
    inline void store_first_f16(uint16_t* to, size_t n) const {
        uint16_t halves[8];
        _mm_storeu_si128(reinterpret_cast<__m128i*>(halves),
                         _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
        std::memcpy(to, halves, (n < 8 ? n : 8) * sizeof *to);
    }

    inline float sum() const {
        const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
    }
    inline float max() const {
        const __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
    }
};

static inline Vec operator+(Vec a, Vec b) {
    return {_mm256_add_ps(a.v, b.v)};
}
static inline Vec operator-(Vec a, Vec b) {
    return {_mm256_sub_ps(a.v, b.v)};
}
static inline Vec operator*(Vec a, Vec b) {
    return {_mm256_mul_ps(a.v, b.v)};
}
static inline Vec operator/(Vec a, Vec b) {
    return {_mm256_div_ps(a.v, b.v)};
}
// a * b + c, rounded once.
static inline Vec fma(Vec a, Vec b, Vec c) {
    return {_mm256_fmadd_ps(a.v, b.v, c.v)};
}
// c - a * b, rounded once.
static inline Vec negative_fma(Vec a, Vec b, Vec c) {
    return {_mm256_fnmadd_ps(a.v, b.v, c.v)};
}
static inline Vec nearest(Vec x) {
    return {_mm256_round_ps(x.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
// If one is NaN the result is b.
static inline Vec max(Vec a, Vec b) {
    return {_mm256_max_ps(a.v, b.v)};
}
static inline Vec min(Vec a, Vec b) {
    return {_mm256_min_ps(a.v, b.v)};
}

// 2^n for whole n in [-126, 127].
static inline __m256 power_of_two(__m256i n) {
    const __m256i biased = _mm256_add_epi32(n, _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
}
// x * 2^n for whole n in [-160, 160]: in two steps, as 2^-160 is no float.
static inline Vec scale_by_power(Vec x, Vec n) {
    const __m256i whole = _mm256_cvtps_epi32(n.v);
    const __m256i half = _mm256_srai_epi32(whole, 1);
    const __m256 first = _mm256_mul_ps(x.v, power_of_two(half));
    return {_mm256_mul_ps(first, power_of_two(_mm256_sub_epi32(whole, half)))};
}

// Stores scale times the sums of a, b, c and d, in this order.
static inline void store_sums(Vec a, Vec b, Vec c, Vec d, float scale, float* to) {
    const __m256 pairs = _mm256_hadd_ps(_mm256_hadd_ps(a.v, b.v), _mm256_hadd_ps(c.v, d.v));
    const __m128 sums = _mm_add_ps(_mm256_castps256_ps128(pairs), _mm256_extractf128_ps(pairs, 1));
    _mm_storeu_ps(to, _mm_mul_ps(sums, _mm_set1_ps(scale)));
}

#include "engine/kernels/per_isa/float_types_inl.h"

}  // namespace hearth::avx2

#include "engine/kernels/target_end.h"
