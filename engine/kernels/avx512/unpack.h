// Quantized blocks to vectors: 256 consecutive weights at a time, whatever their type.
//
//   value[i] = scale[i / kSpan] * (q[i] - kBias) - min[i / 32]
// with q unsigned, as vpdpbusd wants its left operand. Only bytes of the blocks are read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/bytes.h"
#include "engine/kernels/chunk.h"
#include "engine/kernels/intrinsics.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

// What is subtracted from the quants as load_chunk() gives them.
template <typename Block>
inline constexpr int kBias = Block::kBias;

struct Chunk {
    __m512i q[4];  // 64 quants each, in order
    __m512 scale;  // 16 for a span of 16; else 8 in the lower half
    __m256 min;    // 8, only for types that have one
};

// The d of eight blocks that follow each other, as floats in the lower half.
template <typename Block>
static inline __m512 load_scales(const Block* b) {
    const auto d = [b](size_t i) { return static_cast<short>(load_unaligned<uint16_t>(&b[i].d)); };
    const __m128i halves = _mm_set_epi16(d(7), d(6), d(5), d(4), d(3), d(2), d(1), d(0));
    return _mm512_castps256_ps512(_mm256_cvtph_ps(halves));
}

// The nibbles of two blocks in element order: low ones of a, high ones of a, then b.
static inline __m512i load_nibbles(const uint8_t (&a)[16], const uint8_t (&b)[16]) {
    const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a));
    const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b));
    const __m512i both = _mm512_mask_broadcast_i32x4(_mm512_broadcast_i32x4(low), 0xff00, high);
    const __m512i shifts = _mm512_set_epi64(0x0004000400040004, 0x0004000400040004, 0, 0,
                                            0x0004000400040004, 0x0004000400040004, 0, 0);
    return _mm512_and_si512(_mm512_srlv_epi16(both, shifts), _mm512_set1_epi8(15));
}

// 32 bytes as 64 nibbles: the low ones, then the high ones.
static inline __m512i load_nibbles(const uint8_t* bytes) {
    const __m256i packed = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const __m512i both = _mm512_broadcast_i64x4(packed);
    const __m512i shifts = _mm512_set_epi64(0x0004000400040004, 0x0004000400040004,
                                            0x0004000400040004, 0x0004000400040004, 0, 0, 0, 0);
    return _mm512_and_si512(_mm512_srlv_epi16(both, shifts), _mm512_set1_epi8(15));
}

static inline Chunk load_chunk(const BlockQ4_0* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 4; ++i) chunk.q[i] = load_nibbles(b[2 * i].qs, b[2 * i + 1].qs);
    chunk.scale = load_scales(b);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ5_0* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 4; ++i) {
        const __m512i low = load_nibbles(b[2 * i].qs, b[2 * i + 1].qs);
        const auto fifth_bits = static_cast<uint64_t>(load_unaligned<uint32_t>(b[2 * i].qh)) |
                                static_cast<uint64_t>(load_unaligned<uint32_t>(b[2 * i + 1].qh))
                                    << 32;
        chunk.q[i] = _mm512_mask_add_epi8(low, fifth_bits, low, _mm512_set1_epi8(16));
    }
    chunk.scale = load_scales(b);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ8_0* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 4; ++i) {
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b[2 * i].qs));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b[2 * i + 1].qs));
        const __m512i both = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
        chunk.q[i] = _mm512_xor_si512(both, _mm512_set1_epi8(-128));
    }
    chunk.scale = load_scales(b);
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
    const __m128i bytes =
        _mm_set_epi32(static_cast<int>(high_mins), static_cast<int>(second & 0x3f3f3f3f),
                      static_cast<int>(high_scales), static_cast<int>(first & 0x3f3f3f3f));
    const __m512 sixteen = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
    const __m128i halves = _mm_cvtsi32_si128(load_unaligned<int>(&b->d));  // d, dmin
    const __m512i which = _mm512_set_epi32(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m512 factors =
        _mm512_permutexvar_ps(which, _mm512_castps128_ps512(_mm_cvtph_ps(halves)));
    const __m512 product = _mm512_mul_ps(sixteen, factors);
    chunk.scale = product;
    chunk.min = _mm512_extractf32x8_ps(product, 1);
}

static inline Chunk load_chunk(const BlockQ4_K* b) {
    Chunk chunk{};
    for (size_t i = 0; i < 4; ++i) chunk.q[i] = load_nibbles(b->qs + 32 * i);
    load_scales_and_mins(b, chunk);
    return chunk;
}

static inline Chunk load_chunk(const BlockQ5_K* b) {
    Chunk chunk{};
    const __m512i fifth_bits =
        _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(b->qh)));
    for (size_t i = 0; i < 4; ++i) {
        const __m512i low = load_nibbles(b->qs + 32 * i);
        const __m512i bit = _mm512_inserti64x4(_mm512_set1_epi8(static_cast<char>(1 << 2 * i)),
                                               _mm256_set1_epi8(static_cast<char>(2 << 2 * i)), 1);
        const __mmask64 has_fifth = _mm512_test_epi8_mask(fifth_bits, bit);
        chunk.q[i] = _mm512_mask_add_epi8(low, has_fifth, low, _mm512_set1_epi8(16));
    }
    load_scales_and_mins(b, chunk);
    return chunk;
}

// 128 weights of Q6_K from 64 bytes of low bits and 32 of high bits.
static inline void load_q6_half(const uint8_t* ql, const uint8_t* qh, __m512i& first,
                                __m512i& second) {
    const __m512i low = _mm512_loadu_si512(ql);
    const __m512i high =
        _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(qh)));
    // Bits 0-1 to 4-5 for quarter 0, 2-3 for quarter 1; 4-5 stay for quarter 2, 6-7 for quarter 3.
    const __m512i left = _mm512_set_epi64(
        0x0002000200020002, 0x0002000200020002, 0x0002000200020002, 0x0002000200020002,
        0x0004000400040004, 0x0004000400040004, 0x0004000400040004, 0x0004000400040004);
    const __m512i right = _mm512_set_epi64(0x0002000200020002, 0x0002000200020002,
                                           0x0002000200020002, 0x0002000200020002, 0, 0, 0, 0);
    const __m512i nibble = _mm512_set1_epi8(15);
    const __m512i two_bits = _mm512_set1_epi8(48);
    first = _mm512_or_si512(_mm512_and_si512(low, nibble),
                            _mm512_and_si512(_mm512_sllv_epi16(high, left), two_bits));
    second = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi16(low, 4), nibble),
                             _mm512_and_si512(_mm512_srlv_epi16(high, right), two_bits));
}

static inline Chunk load_chunk(const BlockQ6_K* b) {
    Chunk chunk{};
    load_q6_half(b->ql, b->qh, chunk.q[0], chunk.q[1]);
    load_q6_half(b->ql + 64, b->qh + 32, chunk.q[2], chunk.q[3]);
    const __m128i scales = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b->scales));
    const __m128i d = _mm_cvtsi32_si128(b->d.bits());
    chunk.scale = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(scales)),
                                _mm512_broadcastss_ps(_mm_cvtph_ps(d)));
    return chunk;
}

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
