// Mat-vec for NEON.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/neon/neon.h"
#include "engine/kernels/neon/unpack.h"
#include "engine/kernels/neon/vec.h"

namespace hearth::neon {

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
    Vec product[4] = {};
    Vec offset = {};
};

// 16 products, added up two by two. They fit: unsigned quants are at most 63, signed ones reach
// 2 x 128 x 127.
static inline int16x8_t dot_16(int8x16_t w, const int8_t* x) {
    const int8x16_t right = vld1q_s8(x);
    return vmlal_high_s8(vmull_s8(vget_low_s8(w), vget_low_s8(right)), w, right);
}

// Types with a scale per 16 weights.
template <typename Block>
static inline void add_spans_of_16(const Chunk& w, const Activations& x, Sums& sums) {
#pragma GCC unroll 4
    for (size_t i = 0; i < 16; i += 4) {
        const float32x2_t pair = vld1_f32(x.scale + i / 2);
        const float32x4_t x_scale = vcombine_f32(vdup_lane_f32(pair, 0), vdup_lane_f32(pair, 1));
        const Vec scale = Vec::load(w.scale + i) * Vec{x_scale};
        sums.offset = fma(scale, Vec{vcvtq_f32_s32(vmovl_s16(vld1_s16(x.sum + i)))}, sums.offset);
        alignas(16) float scales[4];
        scale.store(scales);
#pragma GCC unroll 4
        for (size_t j = 0; j < 4; ++j) {
            const int32x4_t dots = vpaddlq_s16(dot_16(w.q[i + j], x.q + 16 * (i + j)));
            sums.product[j] = fma(Vec{vcvtq_f32_s32(dots)}, Vec::all(scales[j]), sums.product[j]);
        }
    }
}

// Types with a scale per 32 weights.
template <typename Block>
static inline void add_spans_of_32(const Chunk& w, const Activations& x, Sums& sums) {
#pragma GCC unroll 2
    for (size_t i = 0; i < 8; i += 4) {
        const Vec w_scale = Vec::load(w.scale + i);
        sums.offset = fma(Block::kHasMin ? Vec::load(w.min + i) : w_scale,
                          Vec::load(x.scaled_sum + i), sums.offset);
        alignas(16) float scales[4];
        (w_scale * Vec::load(x.scale + i)).store(scales);
#pragma GCC unroll 4
        for (size_t j = 0; j < 4; ++j) {
            const size_t q = 2 * (i + j);
            const int32x4_t half = vpaddlq_s16(dot_16(w.q[q], x.q + 16 * q));
            const int32x4_t dots = vpadalq_s16(half, dot_16(w.q[q + 1], x.q + 16 * q + 16));
            sums.product[j] = fma(Vec{vcvtq_f32_s32(dots)}, Vec::all(scales[j]), sums.product[j]);
        }
    }
}

#include "engine/kernels/per_isa/add_chunk_inl.h"

}  // namespace

#include "engine/kernels/per_isa/matvec_inl.h"

}  // namespace hearth::neon
