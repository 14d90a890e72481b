// Mat-vec for AVX-512.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/avx512/unpack.h"
#include "engine/kernels/avx512/vec.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

namespace {

// A chunk of a row of activations.
struct Activations {
    const int8_t* q;
    const float* scale;
    const float* scaled_sum;
    const int16_t* sum;  // only looked at for spans of 16
};

// What a row has summed so far: value = sum of product - bias * sum of offset.
struct Sums {
    __m512 product[4] = {};
    __m512 offset[2] = {};
};

// Lane l of result i = table[(64 * i + 4 * l) / span]: the scale of the four quants that
// vpdpbusd adds up in lane l.
template <size_t kSpan>
static inline __m512 spread(__m512 table, int i) {
    const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i first = _mm512_srli_epi32(lane, kSpan == 32 ? 3 : 2);
    constexpr int kPerVector = 64 / kSpan;
    return _mm512_permutexvar_ps(_mm512_add_epi32(first, _mm512_set1_epi32(i * kPerVector)), table);
}

template <typename Block>
static inline void add_quants(const Chunk& w, const Activations& x, Sums& sums) {
    __m512 scale;
    if constexpr (Block::kSpan == 16) {
        const __m512i pairs = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
        const __m512 x_scale =
            _mm512_permutexvar_ps(pairs, _mm512_castps256_ps512(_mm256_loadu_ps(x.scale)));
        scale = _mm512_mul_ps(w.scale, x_scale);
        const __m512i sum =
            _mm512_cvtepi16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(x.sum)));
        sums.offset[0] = _mm512_fmadd_ps(scale, _mm512_cvtepi32_ps(sum), sums.offset[0]);
    } else {
        const __m256 w_scale = _mm512_castps512_ps256(w.scale);
        scale = _mm512_castps256_ps512(_mm256_mul_ps(w_scale, _mm256_loadu_ps(x.scale)));
        const __m256 factor = Block::kHasMin ? w.min : w_scale;
        sums.offset[0] = _mm512_zextps256_ps512(_mm256_fmadd_ps(
            factor, _mm256_loadu_ps(x.scaled_sum), _mm512_castps512_ps256(sums.offset[0])));
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        const __m512i dots =
            _mm512_dpbusd_epi32(_mm512_setzero_si512(), w.q[i], _mm512_loadu_si512(x.q + 64 * i));
        sums.product[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), spread<Block::kSpan>(scale, i),
                                          sums.product[i]);
    }
}

// --- every type --------------------------------------------------------------------------------

template <typename Block>
static inline void add_chunk(const Block* b, const Activations& x, Sums& sums) {
    add_quants<Block>(load_chunk(b), x, sums);
}

// A row of fewer than 256 weights.
template <typename Block>
static inline void add_short_row(const Block* b, size_t n_blocks, const Activations& x,
                                 Sums& sums) {
    add_chunk(PaddedChunk<Block>(b, n_blocks).blocks, x, sums);
}

static inline __m512 product_of(const Sums& sums) {
    return _mm512_add_ps(_mm512_add_ps(sums.product[0], sums.product[1]),
                         _mm512_add_ps(sums.product[2], sums.product[3]));
}

static inline __m512 offset_of(const Sums& sums) {
    return _mm512_add_ps(sums.offset[0], sums.offset[1]);
}

template <typename Block>
static inline float total(const Sums& sums) {
    const float weight = Block::kHasMin ? 1.0f : static_cast<float>(kBias<Block>);
    return _mm512_reduce_add_ps(product_of(sums)) - weight * _mm512_reduce_add_ps(offset_of(sums));
}

// --- Q4_K: high nibbles stay where they are ------------------------------------------------------

// Lanes 8..15 multiply high nibbles as they lie in their bytes, sixteen times too much: a power of
// two, taken out exactly at the end of the row.
static inline void add_chunk(const BlockQ4_K* b, const Activations& x, Sums& sums) {
    const __m512i nibbles =
        _mm512_inserti64x4(_mm512_set1_epi8(0x0f), _mm256_set1_epi8(static_cast<char>(0xf0)), 1);
    Chunk chunk{};
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; ++i) {
        const auto* from = reinterpret_cast<const __m256i*>(b->qs + 32 * i);
        const __m512i both = _mm512_broadcast_i64x4(_mm256_loadu_si256(from));
        chunk.q[i] = _mm512_and_si512(both, nibbles);
    }
    load_scales_and_mins(b, chunk);
    add_quants<BlockQ4_K>(chunk, x, sums);
}

template <>
inline float total<BlockQ4_K>(const Sums& sums) {
    const __m512 product = product_of(sums);
    const __m512 corrected =
        _mm512_mask_mul_ps(product, 0xff00, product, _mm512_set1_ps(1.0f / 16));
    return _mm512_reduce_add_ps(corrected) - _mm512_reduce_add_ps(offset_of(sums));
}

// --- Q4_0: four blocks at a time -----------------------------------------------------------------

// A load that stays one load: gcc folds a vector with two uses into two memory operands, and these
// loops are bound by loads (an unaligned one of 64 bytes counts twice).
static inline __m512i load_once(const void* from) {
    __m512i v = _mm512_loadu_si512(from);
    __asm__("" : "+v"(v));
    return v;
}

// Lane l = the value of block l / 4, of four.
static inline __m512 spread_by_four(const float* four) {
    const __m512i quarter = _mm512_set_epi32(3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    return _mm512_permutevar_ps(_mm512_broadcast_f32x4(_mm_loadu_ps(four)), quarter);
}

// 128 weights: blocks of nine words each, the first of them the scale. Four lanes belong to a
// block.
struct FourBlocks {
    __m512i first;  // words 0..31
    __m512i last;   // words 28..35
};

static inline FourBlocks load_four(const BlockQ4_0* b) {
    const auto* bytes = reinterpret_cast<const std::byte*>(b);
    const __m128i last = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 56));
    return {load_once(bytes), _mm512_castsi128_si512(last)};
}

// The first n of four; the others are zero, their scales too.
static inline FourBlocks load_some(const BlockQ4_0* b, size_t n) {
    if (n >= 4) return load_four(b);
    const auto words = static_cast<__mmask32>((uint64_t{1} << 9 * n) - 1);
    return {_mm512_maskz_loadu_epi16(words, b), _mm512_setzero_si512()};
}

static inline void add_four_blocks(const FourBlocks& blocks, const int8_t* x, const float* x_scale,
                                   const float* x_scaled_sum, __m512& product, __m512& offset) {
    // Words 28..35 are numbers 32..39.
    const __m512i quant_words =
        _mm512_set_epi16(39, 38, 37, 36, 31, 30, 29, 28, 26, 25, 24, 23, 22, 21, 20, 19, 17, 16, 15,
                         14, 13, 12, 11, 10, 8, 7, 6, 5, 4, 3, 2, 1);
    const __m512i scale_words =
        _mm512_set_epi64(0, 0, 0, 0, 0x001b001b001b001b, 0x0012001200120012, 0x0009000900090009, 0);
    const __m512i q = _mm512_permutex2var_epi16(blocks.first, quant_words, blocks.last);
    const __m512i d = _mm512_permutexvar_epi16(scale_words, blocks.first);
    const __m512 w_scale = _mm512_cvtph_ps(_mm512_castsi512_si256(d));
    const __m512 scale = _mm512_mul_ps(w_scale, spread_by_four(x_scale));
    // Lane 5 b is the only one to count the offset of block b.
    const __m512 x_sums = _mm512_broadcast_f32x4(_mm_loadu_ps(x_scaled_sum));
    offset = _mm512_mask3_fmadd_ps(w_scale, x_sums, offset, 0x8421);

    // x of the low nibbles: the first half of each block; of the high nibbles: the second.
    const __m512i x_first = load_once(x);
    const __m512i x_last = load_once(x + 64);
    const __m512i x_low = _mm512_shuffle_i32x4(x_first, x_last, 0x88);
    const __m512i x_high = _mm512_shuffle_i32x4(x_first, x_last, 0xdd);
    const __m512i high = _mm512_and_si512(q, _mm512_set1_epi8(static_cast<char>(0xf0)));
    const __m512i low = _mm512_and_si512(q, _mm512_set1_epi8(0x0f));
    // High nibbles are multiplied where they are, 16 times too much, and shifted back: exact.
    __m512i dots = _mm512_dpbusd_epi32(_mm512_setzero_si512(), high, x_high);
    dots = _mm512_dpbusd_epi32(_mm512_srai_epi32(dots, 4), low, x_low);
    product = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), scale, product);
}

static inline void add_chunk(const BlockQ4_0* b, const Activations& x, Sums& sums) {
    add_four_blocks(load_four(b), x.q, x.scale, x.scaled_sum, sums.product[0], sums.offset[0]);
    add_four_blocks(load_four(b + 4), x.q + 128, x.scale + 4, x.scaled_sum + 4, sums.product[1],
                    sums.offset[1]);
}

// Predictors have such rows.
static inline void add_short_row(const BlockQ4_0* b, size_t n_blocks, const Activations& x,
                                 Sums& sums) {
    add_four_blocks(load_some(b, n_blocks), x.q, x.scale, x.scaled_sum, sums.product[0],
                    sums.offset[0]);
    if (n_blocks <= 4) return;
    add_four_blocks(load_some(b + 4, n_blocks - 4), x.q + 128, x.scale + 4, x.scaled_sum + 4,
                    sums.product[1], sums.offset[1]);
}

}  // namespace

#include "engine/kernels/per_isa/matvec_inl.h"

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
