// IEEE binary16 and bfloat16 to float and back, in integer arithmetic: the reference for F16C.
#pragma once

#include <bit>
#include <cstdint>

namespace hearth {

// Exact. A signalling NaN becomes quiet, as the processor does it.
inline float f16_to_f32(uint16_t half) {
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
    const uint32_t exponent = (half >> 10) & 0x1fu;
    const uint32_t mantissa = half & 0x3ffu;
    if (exponent == 0x1f) {
        const uint32_t quiet = mantissa != 0 ? 0x400000u : 0u;
        return std::bit_cast<float>(sign | 0x7f800000u | quiet | mantissa << 13);
    }
    if (exponent == 0) {  // zero and subnormals: mantissa * 2^-24
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
        return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(magnitude));
    }
    return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
}

// Rounds to nearest even; magnitudes from 65520 up become infinity; NaN stays NaN.
inline uint16_t f32_to_f16(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    const uint32_t sign = (bits >> 16) & 0x8000u;
    const uint32_t magnitude = bits & 0x7fffffffu;
    uint32_t half;
    if (magnitude > 0x7f800000u) {
        half = 0x7e00u | (magnitude >> 13 & 0x3ffu);
    } else if (magnitude >= 0x477ff000u) {
        half = 0x7c00u;
    } else if (magnitude < 0x38800000u) {
        // Subnormal: adding 0.5 leaves round(value * 2^24) in the low mantissa bits.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
        half = std::bit_cast<uint32_t>(shifted) - std::bit_cast<uint32_t>(0.5f);
    } else {
        const uint32_t odd = magnitude >> 13 & 1u;
        half = (magnitude - (112u << 23) + 0xfffu + odd) >> 13;
    }
    return static_cast<uint16_t>(sign | half);
}

// Exact: bfloat16 is the upper half of a float.
inline float bf16_to_f32(uint16_t value) {
    return std::bit_cast<float>(static_cast<uint32_t>(value) << 16);
}

}  // namespace hearth
