// Activations to int8 for AVX-512; the rules are in quantize.h.
#include <limits>

#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/intrinsics.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

static inline void quantize_block(const float* x, int8_t* q, float& scale, int16_t* sum,
                                  float& scaled_sum) {
    const __m512 low = _mm512_loadu_ps(x);
    const __m512 high = _mm512_loadu_ps(x + 16);
    const __m512 abs_low = _mm512_abs_ps(low);
    const __m512 abs_high = _mm512_abs_ps(high);
    const __m512 infinity = _mm512_set1_ps(kInfinity);
    const bool finite = (_mm512_cmp_ps_mask(abs_low, infinity, _CMP_LT_OQ) &
                         _mm512_cmp_ps_mask(abs_high, infinity, _CMP_LT_OQ)) == 0xffff;
    const float max = _mm512_reduce_max_ps(_mm512_max_ps(abs_low, abs_high));
    if (!finite || max < kQ8Tiny) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(q), _mm256_setzero_si256());
        sum[0] = sum[1] = 0;
        scale = scaled_sum = finite ? 0.0f : kNaN;
        return;
    }
    const __m512 inverse = _mm512_set1_ps(127.0f / max);
    const __m512i q_low = _mm512_cvtps_epi32(_mm512_mul_ps(low, inverse));
    const __m512i q_high = _mm512_cvtps_epi32(_mm512_mul_ps(high, inverse));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(q), _mm512_cvtepi32_epi8(q_low));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(q + 16), _mm512_cvtepi32_epi8(q_high));
    const int sum_low = _mm512_reduce_add_epi32(q_low);
    const int sum_high = _mm512_reduce_add_epi32(q_high);
    sum[0] = static_cast<int16_t>(sum_low);
    sum[1] = static_cast<int16_t>(sum_high);
    scale = max / 127.0f;
    scaled_sum = scale * static_cast<float>(sum_low + sum_high);
}

}  // namespace

#include "engine/kernels/per_isa/quantize_inl.h"

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
