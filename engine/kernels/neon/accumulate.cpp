// Sums of picked rows for NEON: the sums stay in memory (the first cache) while the weights of a
// chunk become floats.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/neon/neon.h"
#include "engine/kernels/neon/unpack.h"
#include "engine/kernels/neon/vec.h"

namespace hearth::neon {

namespace {

// 256 sums, in place.
struct Columns {
    float* sum;

    static inline Columns load(float* y) { return {y}; }
    inline void store(float*) const {}
};

// Sixteen quants as floats.
static inline void to_floats(int8x16_t q, Vec (&out)[4]) {
    const int16x8_t low = vmovl_s8(vget_low_s8(q));
    const int16x8_t high = vmovl_high_s8(q);
    out[0] = {vcvtq_f32_s32(vmovl_s16(vget_low_s16(low)))};
    out[1] = {vcvtq_f32_s32(vmovl_high_s16(low))};
    out[2] = {vcvtq_f32_s32(vmovl_s16(vget_low_s16(high)))};
    out[3] = {vcvtq_f32_s32(vmovl_high_s16(high))};
}

template <typename Block>
static inline void add_row(const Block* b, Vec factor, Columns& columns) {
    const Chunk w = load_chunk(b);
    const int8x16_t bias = vdupq_n_s8(static_cast<int8_t>(kBias<Block>));
#pragma GCC unroll 16
    for (size_t i = 0; i < 16; ++i) {
        const Vec scale = Vec::all(w.scale[Block::kSpan == 16 ? i : i / 2]) * factor;
        Vec values[4];
        to_floats(vsubq_s8(w.q[i], bias), values);
        for (size_t j = 0; j < 4; ++j) {
            float* const at = columns.sum + 16 * i + 4 * j;
            Vec sum = fma(values[j], scale, Vec::load(at));
            if constexpr (Block::kHasMin) sum = sum - Vec::all(w.min[i / 2]) * factor;
            sum.store(at);
        }
    }
}

}  // namespace

#include "engine/kernels/per_isa/accumulate_inl.h"

}  // namespace hearth::neon
