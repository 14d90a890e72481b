// Sums of picked rows: the down step of a sparse FFN.
//
// There are no dot products here to hide the unpacking behind: every weight becomes a float and one
// multiply-add. Per 32 weights of Q4_0 that is one load that widens the nibbles' bytes, one shift,
// two look-ups that turn nibbles into floats (no mask, no conversion, no bias), the scale, and two
// multiply-adds. 256 columns stay in registers while the rows of a group pass.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/avx512/unpack.h"
#include "engine/kernels/avx512/vec.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

namespace {

constexpr size_t kVectors = kChunk / 16;  // accumulators: 16 of the 32 registers

struct Columns {
    __m512 sum[kVectors];

    static inline Columns load(const float* y) {
        Columns columns;
#pragma GCC unroll 16
        for (size_t i = 0; i < kVectors; ++i) columns.sum[i] = _mm512_loadu_ps(y + 16 * i);
        return columns;
    }
    inline void store(float* y) const {
#pragma GCC unroll 16
        for (size_t i = 0; i < kVectors; ++i) _mm512_storeu_ps(y + 16 * i, sum[i]);
    }
};

// factor * d in all lanes.
static inline __m512 block_factor(const Half& d, __m512 factor) {
    const __m256i halves = _mm256_set1_epi16(static_cast<short>(load_unaligned<uint16_t>(&d)));
    return _mm512_mul_ps(factor, _mm512_cvtph_ps(halves));
}

// The d of eight blocks times the factor, in the lower half.
static inline __m512 block_factors(const BlockQ4_0* b, Vec factor) {
    // Blocks are nine words, the first of them d; words of the second four are numbered from 32.
    const __m512i words = _mm512_castsi128_si512(_mm_set_epi16(59, 50, 41, 32, 27, 18, 9, 0));
    const __m512i d =
        _mm512_permutex2var_epi16(_mm512_loadu_si512(b), words, _mm512_loadu_si512(b + 4));
    return _mm512_mul_ps(factor.v, _mm512_cvtph_ps(_mm512_castsi512_si256(d)));
}

static inline void add_row(const BlockQ4_0* b, Vec factor, Columns& columns) {
    const __m512 value = _mm512_set_ps(7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4, -5, -6, -7, -8);
    const __m512 factors = block_factors(b, factor);
#pragma GCC unroll 8
    for (size_t i = 0; i < kVectors / 2; ++i) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b[i].qs));
        const __m512i low = _mm512_cvtepu8_epi32(bytes);  // the look-up reads the lowest four bits
        const __m512i high = _mm512_srli_epi32(low, 4);
        const __m512 scale = _mm512_permutexvar_ps(_mm512_set1_epi32(static_cast<int>(i)), factors);
        columns.sum[2 * i] =
            _mm512_fmadd_ps(_mm512_permutexvar_ps(low, value), scale, columns.sum[2 * i]);
        columns.sum[2 * i + 1] =
            _mm512_fmadd_ps(_mm512_permutexvar_ps(high, value), scale, columns.sum[2 * i + 1]);
    }
}

static inline void add_row(const BlockQ8_0* b, Vec factor, Columns& columns) {
#pragma GCC unroll 8
    for (size_t i = 0; i < kVectors / 2; ++i) {
        const __m512 scale = block_factor(b[i].d, factor.v);
#pragma GCC unroll 2
        for (size_t j = 0; j < 2; ++j) {
            const __m128i bytes =
                _mm_loadu_si128(reinterpret_cast<const __m128i*>(b[i].qs + 16 * j));
            const __m512 value = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
            columns.sum[2 * i + j] = _mm512_fmadd_ps(value, scale, columns.sum[2 * i + j]);
        }
    }
}

// Every other quantized type, by way of the unpacked chunk.
template <typename Block>
static inline void add_row(const Block* b, Vec factor, Columns& columns) {
    const Chunk w = load_chunk(b);
    const __m512 scale = _mm512_mul_ps(w.scale, factor.v);
    alignas(64) uint8_t bytes[kChunk];
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; ++i) _mm512_store_si512(bytes + 64 * i, w.q[i]);
#pragma GCC unroll 16
    for (size_t i = 0; i < kVectors; ++i) {
        const __m512i q =
            _mm512_cvtepu8_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i)));
        const __m512 value =
            _mm512_cvtepi32_ps(_mm512_sub_epi32(q, _mm512_set1_epi32(kBias<Block>)));
        const auto which = _mm512_set1_epi32(static_cast<int>(16 * i / Block::kSpan));
        columns.sum[i] =
            _mm512_fmadd_ps(value, _mm512_permutexvar_ps(which, scale), columns.sum[i]);
        if constexpr (Block::kHasMin) {
            const auto pair = _mm512_set1_epi32(static_cast<int>(i / 2));
            const __m512 min = _mm512_permutexvar_ps(pair, _mm512_castps256_ps512(w.min));
            columns.sum[i] = _mm512_fnmadd_ps(factor.v, min, columns.sum[i]);
        }
    }
}

}  // namespace

#include "engine/kernels/per_isa/accumulate_inl.h"

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
