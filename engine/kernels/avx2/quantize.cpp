// Activations to int8 for AVX2; the rules are in quantize.h.
#include <limits>

#include "engine/kernels/avx2/avx2.h"
#include "engine/kernels/avx2/vec.h"

#include "engine/kernels/avx2/target_begin.h"

namespace hearth::avx2 {

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The sum of sixteen: 8 + 8 integers.
static inline int sum_of_16(__m256i a, __m256i b) {
    const __m256i eight = _mm256_add_epi32(a, b);
    const __m128i four =
        _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
}

static inline void quantize_block(const float* x, int8_t* q, float& scale, int16_t* sum,
                                  float& scaled_sum) {
    const Vec sign_bit = Vec::all(-0.0f);
    Vec values[4];
    Vec greatest = Vec::zero();
    __m256 finite = _mm256_castsi256_ps(_mm256_set1_epi32(-1));
    for (size_t i = 0; i < 4; ++i) {
        values[i] = Vec::load(x + 8 * i);
        const Vec magnitude{_mm256_andnot_ps(sign_bit.v, values[i].v)};
        greatest = max(greatest, magnitude);
        finite =
            _mm256_and_ps(finite, _mm256_cmp_ps(magnitude.v, Vec::all(kInfinity).v, _CMP_LT_OQ));
    }
    const bool all_finite = _mm256_movemask_ps(finite) == 0xff;
    const float max_value = greatest.max();
    if (!all_finite || max_value < kQ8Tiny) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(q), _mm256_setzero_si256());
        sum[0] = sum[1] = 0;
        scale = scaled_sum = all_finite ? 0.0f : kNaN;
        return;
    }
    const Vec inverse = Vec::all(127.0f / max_value);
    __m256i quants[4];
    for (size_t i = 0; i < 4; ++i) quants[i] = _mm256_cvtps_epi32((values[i] * inverse).v);
    // Packing works within 128-bit halves; the permutation puts the words in order again.
    const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(quants[0], quants[1]),
                                              _mm256_packs_epi32(quants[2], quants[3]));
    const __m256i order = _mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(q), _mm256_permutevar8x32_epi32(packed, order));
    const int sum_low = sum_of_16(quants[0], quants[1]);
    const int sum_high = sum_of_16(quants[2], quants[3]);
    sum[0] = static_cast<int16_t>(sum_low);
    sum[1] = static_cast<int16_t>(sum_high);
    scale = max_value / 127.0f;
    scaled_sum = scale * static_cast<float>(sum_low + sum_high);
}

}  // namespace

#include "engine/kernels/per_isa/quantize_inl.h"

}  // namespace hearth::avx2

#include "engine/kernels/target_end.h"
