// Mat-vec for AVX2.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/avx2/avx2.h"
#include "engine/kernels/avx2/unpack.h"
#include "engine/kernels/avx2/vec.h"

#include "engine/kernels/avx2/target_begin.h"

namespace hearth::avx2 {

namespace {

// A chunk of a row of activations.
struct Activations {
    const int8_t* q;
    const float* scale;
    const float* scaled_sum;
    const int16_t* sum;  // only looked at for spans of 16
};

// What a row has summed so far: value = sum of product - bias * sum of offset. No call may stand in
// the initialisers: the constructor that the compiler makes of them is not of the target region.
struct Sums {
    Vec product[4] = {};
    Vec offset = {};
};

// 32 products, added up four by four. Pairs of products fit 16 bits: unsigned quants are at most
// 63; of signed ones the left factor is |w| <= 128 and the right x with the sign of w.
template <typename Block>
static inline __m256 dot_32(__m256i w, const int8_t* x) {
    const __m256i right = load_32(x);
    const __m256i pairs = kSigned<Block>
                              ? _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(right, w))
                              : _mm256_maddubs_epi16(w, right);
    return _mm256_cvtepi32_ps(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

// Eight scales of 16 weights times those of their activations, of which four are at x.
static inline Vec scale_pairs(__m256 w, const float* x) {
    const __m256 four = _mm256_castps128_ps256(_mm_loadu_ps(x));
    const __m256i pairs = _mm256_set_epi32(3, 3, 2, 2, 1, 1, 0, 0);
    return {_mm256_mul_ps(w, _mm256_permutevar8x32_ps(four, pairs))};
}

// All lanes = lane i of the table; or the lower half lane 2 i, the upper half lane 2 i + 1.
static inline Vec spread(Vec table, size_t i) {
    return {_mm256_permutevar8x32_ps(table.v, _mm256_set1_epi32(static_cast<int>(i)))};
}
static inline Vec spread_pair(Vec table, size_t i) {
    const __m256i halves = _mm256_set_epi32(1, 1, 1, 1, 0, 0, 0, 0);
    const __m256i lanes = _mm256_add_epi32(halves, _mm256_set1_epi32(static_cast<int>(2 * i)));
    return {_mm256_permutevar8x32_ps(table.v, lanes)};
}

// Types with a scale per 16 weights.
template <typename Block>
static inline void add_spans_of_16(const Chunk& w, const Activations& x, Sums& sums) {
#pragma GCC unroll 2
    for (size_t half = 0; half < 2; ++half) {
        const Vec scale = scale_pairs(w.scale[half], x.scale + 4 * half);
        const __m128i sum = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x.sum + 8 * half));
        const Vec x_sum{_mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(sum))};
        sums.offset = fma(scale, x_sum, sums.offset);
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; ++i) {
            const Vec dots{dot_32<Block>(w.q[4 * half + i], x.q + 128 * half + 32 * i)};
            sums.product[i] = fma(dots, spread_pair(scale, i), sums.product[i]);
        }
    }
}

// Types with a scale per 32 weights.
template <typename Block>
static inline void add_spans_of_32(const Chunk& w, const Activations& x, Sums& sums) {
    const Vec w_scale{w.scale[0]};
    const Vec scale = w_scale * Vec::load(x.scale);
    sums.offset = fma(Block::kHasMin ? Vec{w.min} : w_scale, Vec::load(x.scaled_sum), sums.offset);
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; ++i) {
        const Vec dots{dot_32<Block>(w.q[i], x.q + 32 * i)};
        sums.product[i % 4] = fma(dots, spread(scale, i), sums.product[i % 4]);
    }
}

#include "engine/kernels/per_isa/add_chunk_inl.h"

}  // namespace

#include "engine/kernels/per_isa/matvec_inl.h"

}  // namespace hearth::avx2

#include "engine/kernels/target_end.h"
