// A chunk of 256 weights of any quantized type in one common form, so that the dot products are
// written once over their type.
//
//   value[i] = scale[i / kSpan] * (q[i] - kBias) - min[i / 32]
// with q at most 63 and not negative; but Q8_0 is signed. Only bytes of the blocks are read.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>

#include "engine/base/bytes.h"
#include "engine/kernels/chunk.h"

namespace hearth::neon {

#include "engine/kernels/per_isa/signed_quants_inl.h"

struct Chunk {
    int8x16_t q[16];                   // 16 quants each, in order
    alignas(16) float scale[16] = {};  // 16 for a span of 16; else 8
    alignas(16) float min[8] = {};     // only for types that have one
};

static inline uint8x16_t low_nibbles(uint8x16_t bytes) {
    return vandq_u8(bytes, vdupq_n_u8(15));
}
static inline uint8x16_t high_nibbles(uint8x16_t bytes) {
    return vshrq_n_u8(bytes, 4);
}

// The bits of `mask` of the bytes moved to the left, or to the right where `left` is negative.
static inline uint8x16_t shifted_bits(uint8x16_t bytes, int left, uint8_t mask) {
    return vandq_u8(vshlq_u8(bytes, vdupq_n_s8(static_cast<int8_t>(left))), vdupq_n_u8(mask));
}

// The d of eight blocks that follow each other, as floats.
template <typename Block>
static inline void load_scales(const Block* b, float* scale) {
    uint16_t halves[8];
    for (size_t i = 0; i < 8; ++i) halves[i] = load_unaligned<uint16_t>(&b[i].d);
    const float16x8_t all = vreinterpretq_f16_u16(vld1q_u16(halves));
    vst1q_f32(scale, vcvt_f32_f16(vget_low_f16(all)));
    vst1q_f32(scale + 4, vcvt_high_f32_f16(all));
}

static inline Chunk load_chunk(const BlockQ4_0* b) {
    Chunk chunk;
    for (size_t i = 0; i < 8; ++i) {
        const uint8x16_t packed = vld1q_u8(b[i].qs);
        chunk.q[2 * i] = vreinterpretq_s8_u8(low_nibbles(packed));
        chunk.q[2 * i + 1] = vreinterpretq_s8_u8(high_nibbles(packed));
    }
    load_scales(b, chunk.scale);
    return chunk;
}

// Sixteen in byte i where bit i of the two bytes is set.
static inline uint8x16_t fifth_bits(const uint8_t* bits) {
    const uint8x16_t bytes = vcombine_u8(vdup_n_u8(bits[0]), vdup_n_u8(bits[1]));
    const uint8x8_t bit = vcreate_u8(0x8040201008040201);
    return vandq_u8(vtstq_u8(bytes, vcombine_u8(bit, bit)), vdupq_n_u8(16));
}

static inline Chunk load_chunk(const BlockQ5_0* b) {
    Chunk chunk;
    for (size_t i = 0; i < 8; ++i) {
        const uint8x16_t packed = vld1q_u8(b[i].qs);
        const uint8x16_t low = vorrq_u8(low_nibbles(packed), fifth_bits(b[i].qh));
        const uint8x16_t high = vorrq_u8(high_nibbles(packed), fifth_bits(b[i].qh + 2));
        chunk.q[2 * i] = vreinterpretq_s8_u8(low);
        chunk.q[2 * i + 1] = vreinterpretq_s8_u8(high);
    }
    load_scales(b, chunk.scale);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ8_0* b) {
    Chunk chunk;
    for (size_t i = 0; i < 8; ++i) {
        chunk.q[2 * i] = vld1q_s8(b[i].qs);
        chunk.q[2 * i + 1] = vld1q_s8(b[i].qs + 16);
    }
    load_scales(b, chunk.scale);
    return chunk;
}

// to[0..8) = the eight bytes of two words, times a factor.
static inline void scale_bytes(uint32_t low, uint32_t high, float factor, float* to) {
    const uint16x8_t eight = vmovl_u8(vcreate_u8(low | static_cast<uint64_t>(high) << 32));
    vst1q_f32(to, vmulq_n_f32(vcvtq_f32_u32(vmovl_u16(vget_low_u16(eight))), factor));
    vst1q_f32(to + 4, vmulq_n_f32(vcvtq_f32_u32(vmovl_high_u16(eight)), factor));
}

// Scales and mins of Q4_K and Q5_K: four at a time in the bytes of a word.
template <typename Block>
static inline void load_scales_and_mins(const Block* b, Chunk& chunk) {
    const auto first = load_unaligned<uint32_t>(b->scales);
    const auto second = load_unaligned<uint32_t>(b->scales + 4);
    const auto third = load_unaligned<uint32_t>(b->scales + 8);
    const uint32_t high_scales = (third & 0x0f0f0f0f) | (first >> 2 & 0x30303030);
    const uint32_t high_mins = (third >> 4 & 0x0f0f0f0f) | (second >> 2 & 0x30303030);
    scale_bytes(first & 0x3f3f3f3f, high_scales, b->d.value(), chunk.scale);
    scale_bytes(second & 0x3f3f3f3f, high_mins, b->dmin.value(), chunk.min);
}

static inline Chunk load_chunk(const BlockQ4_K* b) {
    Chunk chunk;
    for (size_t i = 0; i < 4; ++i) {
        for (size_t j = 0; j < 2; ++j) {
            const uint8x16_t packed = vld1q_u8(b->qs + 32 * i + 16 * j);
            chunk.q[4 * i + j] = vreinterpretq_s8_u8(low_nibbles(packed));
            chunk.q[4 * i + 2 + j] = vreinterpretq_s8_u8(high_nibbles(packed));
        }
    }
    load_scales_and_mins(b, chunk);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ5_K* b) {
    Chunk chunk;
    for (size_t j = 0; j < 2; ++j) {
        const uint8x16_t bits = vld1q_u8(b->qh + 16 * j);
        for (size_t i = 0; i < 4; ++i) {
            const uint8x16_t packed = vld1q_u8(b->qs + 32 * i + 16 * j);
            const int place = static_cast<int>(2 * i);
            const uint8x16_t low = shifted_bits(bits, 4 - place, 16);
            const uint8x16_t high = shifted_bits(bits, 3 - place, 16);
            chunk.q[4 * i + j] = vreinterpretq_s8_u8(vorrq_u8(low_nibbles(packed), low));
            chunk.q[4 * i + 2 + j] = vreinterpretq_s8_u8(vorrq_u8(high_nibbles(packed), high));
        }
    }
    load_scales_and_mins(b, chunk);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ6_K* b) {
    Chunk chunk;
    for (size_t half = 0; half < 2; ++half) {
        for (size_t j = 0; j < 2; ++j) {
            const uint8x16_t first = vld1q_u8(b->ql + half * 64 + 16 * j);
            const uint8x16_t second = vld1q_u8(b->ql + half * 64 + 32 + 16 * j);
            const uint8x16_t top = vld1q_u8(b->qh + half * 32 + 16 * j);
            const uint8x16_t low[4] = {low_nibbles(first), low_nibbles(second), high_nibbles(first),
                                       high_nibbles(second)};
            for (size_t quarter = 0; quarter < 4; ++quarter) {
                const uint8x16_t bits = shifted_bits(top, 4 - static_cast<int>(2 * quarter), 48);
                chunk.q[half * 8 + quarter * 2 + j] =
                    vreinterpretq_s8_u8(vorrq_u8(low[quarter], bits));
            }
        }
    }
    const int8x16_t scales = vld1q_s8(b->scales);
    const int16x8_t eight[2] = {vmovl_s8(vget_low_s8(scales)), vmovl_high_s8(scales)};
    for (size_t i = 0; i < 2; ++i) {
        const float32x4_t low = vcvtq_f32_s32(vmovl_s16(vget_low_s16(eight[i])));
        const float32x4_t high = vcvtq_f32_s32(vmovl_high_s16(eight[i]));
        vst1q_f32(chunk.scale + 8 * i, vmulq_n_f32(low, b->d.value()));
        vst1q_f32(chunk.scale + 8 * i + 4, vmulq_n_f32(high, b->d.value()));
    }
    return chunk;
}

}  // namespace hearth::neon
