// Quantized blocks to vectors: 256 consecutive weights at a time, whatever their type.
//
//   value[i] = scale[i / kSpan] * (q[i] - kBias) - min[i / 32]
// with q unsigned and at most 63, so that pairs of products fit 16 bits; but Q8_0 stays signed.
// Only bytes of the blocks are read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/bytes.h"
#include "engine/kernels/chunk.h"
#include "engine/kernels/intrinsics.h"

#include "engine/kernels/avx2/target_begin.h"

namespace hearth::avx2 {

#include "engine/kernels/per_isa/signed_quants_inl.h"

struct Chunk {
    __m256i q[8];     // 32 quants each, in order
    __m256 scale[2];  // 16 for a span of 16; else 8 in the first
    __m256 min;       // 8, only for types that have one
};

static inline __m256i load_32(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
static inline __m256i low_nibbles(__m256i bytes) {
    return _mm256_and_si256(bytes, _mm256_set1_epi8(15));
}
static inline __m256i high_nibbles(__m256i bytes) {
    return low_nibbles(_mm256_srli_epi16(bytes, 4));
}

// The d of eight blocks that follow each other, as floats.
template <typename Block>
static inline __m256 load_scales(const Block* b) {
    alignas(16) uint16_t halves[8];
    for (size_t i = 0; i < 8; ++i) halves[i] = load_unaligned<uint16_t>(&b[i].d);
    return _mm256_cvtph_ps(_mm_load_si128(reinterpret_cast<const __m128i*>(halves)));
}

// 16 bytes as 32 nibbles: the low ones, then the high ones.
static inline __m256i load_nibbles(const uint8_t (&bytes)[16]) {
    const __m128i packed = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const __m256i shifts = _mm256_set_epi32(4, 4, 4, 4, 0, 0, 0, 0);
    return low_nibbles(_mm256_srlv_epi32(_mm256_broadcastsi128_si256(packed), shifts));
}

static inline Chunk load_chunk(const BlockQ4_0* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 8; ++i) chunk.q[i] = load_nibbles(b[i].qs);
    chunk.scale[0] = load_scales(b);
    return chunk;
}

// Sixteen in byte i where bit i of the word is set.
static inline __m256i fifth_bits(const uint8_t (&word)[4]) {
    const __m256i which = _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202,
                                            0x0101010101010101, 0x0000000000000000);
    const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(load_unaligned<int>(word)), which);
    const __m256i bit = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201));
    const __m256i is_set = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit), bit);
    return _mm256_and_si256(is_set, _mm256_set1_epi8(16));
}

static inline Chunk load_chunk(const BlockQ5_0* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 8; ++i) {
        chunk.q[i] = _mm256_or_si256(load_nibbles(b[i].qs), fifth_bits(b[i].qh));
    }
    chunk.scale[0] = load_scales(b);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ8_0* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 8; ++i) chunk.q[i] = load_32(b[i].qs);
    chunk.scale[0] = load_scales(b);
    return chunk;
}

// Scales and mins of Q4_K and Q5_K: four at a time in the bytes of a word.
template <typename Block>
static inline void load_scales_and_mins(const Block* b, Chunk& chunk) {
    const auto first = load_unaligned<uint32_t>(b->scales);
    const auto second = load_unaligned<uint32_t>(b->scales + 4);
    const auto third = load_unaligned<uint32_t>(b->scales + 8);
    const uint32_t high_scales = (third & 0x0f0f0f0f) | (first >> 2 & 0x30303030);
    const uint32_t high_mins = (third >> 4 & 0x0f0f0f0f) | (second >> 2 & 0x30303030);
    const __m128i scales =
        _mm_set_epi32(0, 0, static_cast<int>(high_scales), static_cast<int>(first & 0x3f3f3f3f));
    const __m128i mins =
        _mm_set_epi32(0, 0, static_cast<int>(high_mins), static_cast<int>(second & 0x3f3f3f3f));
    const __m128 factors = _mm_cvtph_ps(_mm_cvtsi32_si128(load_unaligned<int>(&b->d)));  // d, dmin
    chunk.scale[0] = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(scales)),
                                   _mm256_broadcastss_ps(factors));
    chunk.min = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(mins)),
                              _mm256_broadcastss_ps(_mm_movehdup_ps(factors)));
}

static inline Chunk load_chunk(const BlockQ4_K* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 4; ++i) {
        const __m256i packed = load_32(b->qs + 32 * i);
        chunk.q[2 * i] = low_nibbles(packed);
        chunk.q[2 * i + 1] = high_nibbles(packed);
    }
    load_scales_and_mins(b, chunk);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ5_K* b) {
    Chunk chunk{};
    const __m256i sixteen = _mm256_set1_epi8(16);
    __m256i bits = load_32(b->qh);  // the next two sub-blocks' are the lowest
    for (size_t i = 0; i < 4; ++i) {
        const __m256i packed = load_32(b->qs + 32 * i);
        const __m256i low_fifth = _mm256_and_si256(_mm256_slli_epi16(bits, 4), sixteen);
        const __m256i high_fifth = _mm256_and_si256(_mm256_slli_epi16(bits, 3), sixteen);
        chunk.q[2 * i] = _mm256_or_si256(low_nibbles(packed), low_fifth);
        chunk.q[2 * i + 1] = _mm256_or_si256(high_nibbles(packed), high_fifth);
        bits = _mm256_srli_epi16(bits, 2);
    }
    load_scales_and_mins(b, chunk);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ6_K* b) {
    Chunk chunk{};
    const __m256i top = _mm256_set1_epi8(48);
    for (size_t half = 0; half < 2; ++half) {
        const __m256i first = load_32(b->ql + half * 64);
        const __m256i second = load_32(b->ql + half * 64 + 32);
        const __m256i high = load_32(b->qh + half * 32);
        const __m256i top_0 = _mm256_and_si256(_mm256_slli_epi16(high, 4), top);
        const __m256i top_1 = _mm256_and_si256(_mm256_slli_epi16(high, 2), top);
        const __m256i top_2 = _mm256_and_si256(high, top);
        const __m256i top_3 = _mm256_and_si256(_mm256_srli_epi16(high, 2), top);
        chunk.q[half * 4] = _mm256_or_si256(low_nibbles(first), top_0);
        chunk.q[half * 4 + 1] = _mm256_or_si256(low_nibbles(second), top_1);
        chunk.q[half * 4 + 2] = _mm256_or_si256(high_nibbles(first), top_2);
        chunk.q[half * 4 + 3] = _mm256_or_si256(high_nibbles(second), top_3);
    }
    const __m256 d = _mm256_broadcastss_ps(_mm_cvtph_ps(_mm_cvtsi32_si128(b->d.bits())));
    for (size_t i = 0; i < 2; ++i) {
        const __m128i scales = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(b->scales + 8 * i));
        chunk.scale[i] = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(scales)), d);
    }
    return chunk;
}

}  // namespace hearth::avx2

#include "engine/kernels/target_end.h"
