// Weights32: the common form of every quantized block, for the scalar reference.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernels/blocks.h"
#include "engine/kernels/quantize.h"

namespace hearth {

// 32 consecutive weights: value[i] = scale[i / 16] * q[i] + offset. For all our types the product
// is exact in float (at most 24 significant bits), so the only rounding is that of the sum.
struct Weights32 {
    int8_t q[32];
    float scale[2];
    float offset;
};

// Unpacks elements [32 * s, 32 * s + 32) of a block.
inline void unpack(const BlockQ4_0& block, size_t, Weights32& out) {
    for (size_t j = 0; j < 16; ++j) {
        out.q[j] = static_cast<int8_t>((block.qs[j] & 15) - 8);
        out.q[j + 16] = static_cast<int8_t>((block.qs[j] >> 4) - 8);
    }
    out.scale[0] = out.scale[1] = block.d.value();
    out.offset = 0.0f;
}

inline void unpack(const BlockQ5_0& block, size_t, Weights32& out) {
    for (size_t j = 0; j < 16; ++j) {
        const int low_bit = block.qh[j / 8] >> (j % 8) & 1;
        const int high_bit = block.qh[j / 8 + 2] >> (j % 8) & 1;
        out.q[j] = static_cast<int8_t>(((block.qs[j] & 15) | low_bit << 4) - 16);
        out.q[j + 16] = static_cast<int8_t>(((block.qs[j] >> 4) | high_bit << 4) - 16);
    }
    out.scale[0] = out.scale[1] = block.d.value();
    out.offset = 0.0f;
}

inline void unpack(const BlockQ8_0& block, size_t, Weights32& out) {
    for (size_t j = 0; j < 32; ++j) out.q[j] = block.qs[j];
    out.scale[0] = out.scale[1] = block.d.value();
    out.offset = 0.0f;
}

inline void unpack(const BlockQ4_K& block, size_t s, Weights32& out) {
    const uint8_t* qs = block.qs + s / 2 * 32;
    const size_t shift = s % 2 * 4;
    for (size_t j = 0; j < 32; ++j) out.q[j] = static_cast<int8_t>(qs[j] >> shift & 15);
    const ScaleMin packed = unpack_scale_min(block.scales, s);
    out.scale[0] = out.scale[1] = block.d.value() * packed.scale;
    out.offset = -(block.dmin.value() * packed.min);
}

inline void unpack(const BlockQ5_K& block, size_t s, Weights32& out) {
    const uint8_t* qs = block.qs + s / 2 * 32;
    const size_t shift = s % 2 * 4;
    for (size_t j = 0; j < 32; ++j) {
        const int high = block.qh[j] >> s & 1;
        out.q[j] = static_cast<int8_t>((qs[j] >> shift & 15) | high << 4);
    }
    const ScaleMin packed = unpack_scale_min(block.scales, s);
    out.scale[0] = out.scale[1] = block.d.value() * packed.scale;
    out.offset = -(block.dmin.value() * packed.min);
}

inline void unpack(const BlockQ6_K& block, size_t s, Weights32& out) {
    const size_t half = s / 4;
    const size_t quarter = s % 4;
    const uint8_t* ql = block.ql + half * 64 + quarter % 2 * 32;
    const uint8_t* qh = block.qh + half * 32;
    for (size_t j = 0; j < 32; ++j) {
        const int low = ql[j] >> (quarter / 2 * 4) & 15;
        const int high = qh[j] >> (quarter * 2) & 3;
        out.q[j] = static_cast<int8_t>((low | high << 4) - 32);
    }
    const float d = block.d.value();
    out.scale[0] = d * block.scales[s * 2];
    out.scale[1] = d * block.scales[s * 2 + 1];
    out.offset = 0.0f;
}

// Calls visitor(const Block*) with the block type of a quantized dtype and returns true; returns
// false for the float types.
template <typename Visitor>
bool visit_blocks(Dtype dtype, const std::byte* row, Visitor&& visitor) {
    switch (dtype) {
        case Dtype::q4_0:
            visitor(reinterpret_cast<const BlockQ4_0*>(row));
            return true;
        case Dtype::q5_0:
            visitor(reinterpret_cast<const BlockQ5_0*>(row));
            return true;
        case Dtype::q8_0:
            visitor(reinterpret_cast<const BlockQ8_0*>(row));
            return true;
        case Dtype::q4_k:
            visitor(reinterpret_cast<const BlockQ4_K*>(row));
            return true;
        case Dtype::q5_k:
            visitor(reinterpret_cast<const BlockQ5_K*>(row));
            return true;
        case Dtype::q6_k:
            visitor(reinterpret_cast<const BlockQ6_K*>(row));
            return true;
        default:
            return false;
    }
}

}  // namespace hearth
