// Vec: four floats. The vector operations common to all instruction sets are written over it.
//
// Every aarch64 has what is used here, so no file of this folder opens a target region.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hearth::neon {

struct Vec {
    static constexpr size_t kWidth = 4;
    static constexpr size_t kQueryTile = 4;  // x 4 accumulators: half of the registers

    float32x4_t v;

    static inline Vec zero() { return {vdupq_n_f32(0.0f)}; }
    static inline Vec all(float x) { return {vdupq_n_f32(x)}; }
    static inline Vec load(const float* from) { return {vld1q_f32(from)}; }
    // The first n, at most kWidth; the rest is zero. Nothing beyond them is read.
    static inline Vec load_first(const float* from, size_t n) {
        if (n >= kWidth) return load(from);
        float some[kWidth] = {};
        std::memcpy(some, from, n * sizeof *from);
        return load(some);
    }
    static inline Vec load_f16(const uint16_t* from) {
        return {vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(from)))};
    }
    static inline Vec load_first_f16(const uint16_t* from, size_t n) {
        uint16_t halves[kWidth] = {};
        std::memcpy(halves, from, (n < kWidth ? n : kWidth) * sizeof *from);
        return load_f16(halves);
    }
    static inline Vec load_bf16(const uint16_t* from) {
        return {vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(from), 16))};
    }
    static inline Vec load_first_bf16(const uint16_t* from, size_t n) {
        uint16_t halves[kWidth] = {};
        std::memcpy(halves, from, (n < kWidth ? n : kWidth) * sizeof *from);
        return load_bf16(halves);
    }
    inline void store(float* to) const { vst1q_f32(to, v); }
    inline void store_first(float* to, size_t n) const {
        if (n >= kWidth) return store(to);
        float some[kWidth];
        store(some);
        std::memcpy(to, some, n * sizeof *to);
    }
    inline void store_first_f16(uint16_t* to, size_t n) const {
        uint16_t halves[kWidth];
        vst1_u16(halves, vreinterpret_u16_f16(vcvt_f16_f32(v)));
        std::memcpy(to, halves, (n < kWidth ? n : kWidth) * sizeof *to);
    }

    inline float sum() const { return vaddvq_f32(v); }
    inline float max() const { return vmaxvq_f32(v); }
};

static inline Vec operator+(Vec a, Vec b) {
    return {vaddq_f32(a.v, b.v)};
}
static inline Vec operator-(Vec a, Vec b) {
    return {vsubq_f32(a.v, b.v)};
}
static inline Vec operator*(Vec a, Vec b) {
    return {vmulq_f32(a.v, b.v)};
}
static inline Vec operator/(Vec a, Vec b) {
    return {vdivq_f32(a.v, b.v)};
}
// a * b + c, rounded once.
static inline Vec fma(Vec a, Vec b, Vec c) {
    return {vfmaq_f32(c.v, a.v, b.v)};
}
// c - a * b, rounded once.
static inline Vec negative_fma(Vec a, Vec b, Vec c) {
    return {vfmsq_f32(c.v, a.v, b.v)};
}
static inline Vec nearest(Vec x) {
    return {vrndnq_f32(x.v)};
}
// If one is NaN the result is b.
static inline Vec max(Vec a, Vec b) {
    return {vbslq_f32(vcgtq_f32(a.v, b.v), a.v, b.v)};
}
static inline Vec min(Vec a, Vec b) {
    return {vbslq_f32(vcltq_f32(a.v, b.v), a.v, b.v)};
}

// 2^n for whole n in [-126, 127].
static inline Vec power_of_two(int32x4_t n) {
    return {vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(n, vdupq_n_s32(127)), 23))};
}
// x * 2^n for whole n in [-160, 160]: in two steps, as 2^-160 is no float.
static inline Vec scale_by_power(Vec x, Vec n) {
    const int32x4_t whole = vcvtnq_s32_f32(n.v);
    const int32x4_t half = vshrq_n_s32(whole, 1);
    return x * power_of_two(half) * power_of_two(vsubq_s32(whole, half));
}

// Stores scale times the sums of a, b, c and d, in this order.
static inline void store_sums(Vec a, Vec b, Vec c, Vec d, float scale, float* to) {
    const float32x4_t pairs = vpaddq_f32(vpaddq_f32(a.v, b.v), vpaddq_f32(c.v, d.v));
    vst1q_f32(to, vmulq_n_f32(pairs, scale));
}

#include "engine/kernels/per_isa/float_types_inl.h"

}  // namespace hearth::neon
