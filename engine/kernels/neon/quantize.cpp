// Activations to int8 for NEON; the rules are in quantize.h.
#include <limits>

#include "engine/kernels/neon/neon.h"
#include "engine/kernels/neon/vec.h"

namespace hearth::neon {

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

static inline void quantize_block(const float* x, int8_t* q, float& scale, int16_t* sum,
                                  float& scaled_sum) {
    Vec values[8];
    Vec greatest = Vec::zero();
    uint32x4_t finite = vdupq_n_u32(~uint32_t{0});
    for (size_t i = 0; i < 8; ++i) {
        values[i] = Vec::load(x + 4 * i);
        const Vec magnitude{vabsq_f32(values[i].v)};
        greatest = max(greatest, magnitude);
        finite = vandq_u32(finite, vcltq_f32(magnitude.v, vdupq_n_f32(kInfinity)));
    }
    const bool all_finite = vminvq_u32(finite) != 0;
    const float max_value = greatest.max();
    if (!all_finite || max_value < kQ8Tiny) {
        vst1q_s8(q, vdupq_n_s8(0));
        vst1q_s8(q + 16, vdupq_n_s8(0));
        sum[0] = sum[1] = 0;
        scale = scaled_sum = all_finite ? 0.0f : kNaN;
        return;
    }
    const Vec inverse = Vec::all(127.0f / max_value);
    int total = 0;
    for (size_t half = 0; half < 2; ++half) {
        int16x4_t quants[4];
        for (size_t i = 0; i < 4; ++i) {
            quants[i] = vmovn_s32(vcvtnq_s32_f32((values[4 * half + i] * inverse).v));
        }
        const int16x8_t low = vcombine_s16(quants[0], quants[1]);
        const int16x8_t high = vcombine_s16(quants[2], quants[3]);
        vst1q_s8(q + 16 * half, vcombine_s8(vmovn_s16(low), vmovn_s16(high)));
        sum[half] = vaddvq_s16(vaddq_s16(low, high));
        total += sum[half];
    }
    scale = max_value / 127.0f;
    scaled_sum = scale * static_cast<float>(total);
}

}  // namespace

#include "engine/kernels/per_isa/quantize_inl.h"

}  // namespace hearth::neon
