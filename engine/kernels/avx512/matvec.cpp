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
    __m512 offset = {};
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
static inline void add_chunk(const Chunk& w, const Activations& x, Sums& sums) {
    __m512 scale;
    if constexpr (Block::kSpan == 16) {
        const __m512i pairs = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
        const __m512 x_scale =
            _mm512_permutexvar_ps(pairs, _mm512_castps256_ps512(_mm256_loadu_ps(x.scale)));
        scale = _mm512_mul_ps(w.scale, x_scale);
        const __m512i sum =
            _mm512_cvtepi16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(x.sum)));
        sums.offset = _mm512_fmadd_ps(scale, _mm512_cvtepi32_ps(sum), sums.offset);
    } else {
        const __m256 w_scale = _mm512_castps512_ps256(w.scale);
        scale = _mm512_castps256_ps512(_mm256_mul_ps(w_scale, _mm256_loadu_ps(x.scale)));
        const __m256 factor = Block::kHasMin ? w.min : w_scale;
        sums.offset = _mm512_castps256_ps512(_mm256_fmadd_ps(factor, _mm256_loadu_ps(x.scaled_sum),
                                                             _mm512_castps512_ps256(sums.offset)));
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        const __m512i dots =
            _mm512_dpbusd_epi32(_mm512_setzero_si512(), w.q[i], _mm512_loadu_si512(x.q + 64 * i));
        sums.product[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), spread<Block::kSpan>(scale, i),
                                          sums.product[i]);
    }
}

template <typename Block>
static inline float total(const Sums& sums) {
    const __m512 product = _mm512_add_ps(_mm512_add_ps(sums.product[0], sums.product[1]),
                                         _mm512_add_ps(sums.product[2], sums.product[3]));
    const float offset =
        Block::kSpan == 16
            ? _mm512_reduce_add_ps(sums.offset)
            : _mm512_reduce_add_ps(_mm512_zextps256_ps512(_mm512_castps512_ps256(sums.offset)));
    const float weight = Block::kHasMin ? 1.0f : static_cast<float>(Block::kBias);
    return _mm512_reduce_add_ps(product) - weight * offset;
}

}  // namespace

#include "engine/kernels/per_isa/matvec_inl.h"

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
