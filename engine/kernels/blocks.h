// The quantized blocks of GGUF as they lie in memory (formats-and-kernels 1.6).
//
// Rows start at any byte, so every member is a byte: the structs need no alignment. A half is an
// IEEE binary16, little-endian. "Low half" of a block means its first elements: byte j of a 4-bit
// field holds element j in its low nibble and an element of the next run in its high nibble.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/gguf/dtype.h"
#include "engine/kernels/half.h"

namespace hearth {

// Each block type says:
//   kElements  weights in a block
//   kSpan      weights that share a scale
//   kBias      what is subtracted from the unsigned quants
//   kHasMin    whether 32 weights share a minimum that is subtracted from the value

// A binary16 at any address.
struct Half {
    std::array<uint8_t, 2> bytes;

    uint16_t bits() const { return static_cast<uint16_t>(bytes[0] | bytes[1] << 8); }
    float value() const { return f16_to_f32(bits()); }
};

// value[i] = d * (q[i] - 8); byte j: elements j and j + 16.
struct BlockQ4_0 {
    static constexpr Dtype kDtype = Dtype::q4_0;
    static constexpr size_t kElements = 32;
    static constexpr size_t kSpan = 32;
    static constexpr int kBias = 8;
    static constexpr bool kHasMin = false;
    Half d;
    uint8_t qs[16];
};
static_assert(sizeof(BlockQ4_0) == 18);

// value[i] = d * (q[i] - 16); bit i of qh is the fifth bit of element i.
struct BlockQ5_0 {
    static constexpr Dtype kDtype = Dtype::q5_0;
    static constexpr size_t kElements = 32;
    static constexpr size_t kSpan = 32;
    static constexpr int kBias = 16;
    static constexpr bool kHasMin = false;
    Half d;
    uint8_t qh[4];
    uint8_t qs[16];
};
static_assert(sizeof(BlockQ5_0) == 22);

// value[i] = d * q[i], q signed; flipping the top bit gives the unsigned q[i] + 128.
struct BlockQ8_0 {
    static constexpr Dtype kDtype = Dtype::q8_0;
    static constexpr size_t kElements = 32;
    static constexpr size_t kSpan = 32;
    static constexpr int kBias = 128;
    static constexpr bool kHasMin = false;
    Half d;
    int8_t qs[32];
};
static_assert(sizeof(BlockQ8_0) == 34);

// Eight sub-blocks of 32, each with a 6-bit scale and a 6-bit minimum:
//   value[i] = d * scale * q[i] - dmin * min
// scales: for j < 4, scale j = low 6 bits of byte j, min j = low 6 bits of byte j + 4; the upper
// two bits of bytes 0..7 are the top bits of scales and mins 4..7, whose low nibbles are in bytes
// 8..11. qs: 32 bytes serve sub-blocks 2k (low nibbles) and 2k + 1 (high).
struct BlockQ4_K {
    static constexpr Dtype kDtype = Dtype::q4_k;
    static constexpr size_t kElements = 256;
    static constexpr size_t kSpan = 32;
    static constexpr int kBias = 0;
    static constexpr bool kHasMin = true;
    Half d;
    Half dmin;
    uint8_t scales[12];
    uint8_t qs[128];
};
static_assert(sizeof(BlockQ4_K) == 144);

// Q4_K with a fifth bit: bit s of qh[l] belongs to element l of sub-block s.
struct BlockQ5_K {
    static constexpr Dtype kDtype = Dtype::q5_k;
    static constexpr size_t kElements = 256;
    static constexpr size_t kSpan = 32;
    static constexpr int kBias = 0;
    static constexpr bool kHasMin = true;
    Half d;
    Half dmin;
    uint8_t scales[12];
    uint8_t qh[32];
    uint8_t qs[128];
};
static_assert(sizeof(BlockQ5_K) == 176);

// Sixteen sub-blocks of 16 with an int8 scale: value[i] = d * scale * (q[i] - 32).
// Each half of 128 elements has four quarters of 32. Low four bits: quarters 0 and 1 are the low
// nibbles of ql[0..31] and ql[32..63], quarters 2 and 3 the high nibbles. Quarter k takes its two
// high bits from bits 2k, 2k + 1 of qh[0..31].
struct BlockQ6_K {
    static constexpr Dtype kDtype = Dtype::q6_k;
    static constexpr size_t kElements = 256;
    static constexpr size_t kSpan = 16;
    static constexpr int kBias = 32;
    static constexpr bool kHasMin = false;
    uint8_t ql[128];
    uint8_t qh[64];
    int8_t scales[16];
    Half d;
};
static_assert(sizeof(BlockQ6_K) == 210);

// The 6-bit scale and min of sub-block j (0..7) of a Q4_K or Q5_K block.
struct ScaleMin {
    uint8_t scale;
    uint8_t min;
};
inline ScaleMin unpack_scale_min(const uint8_t (&scales)[12], size_t j) {
    if (j < 4) {
        return {static_cast<uint8_t>(scales[j] & 63), static_cast<uint8_t>(scales[j + 4] & 63)};
    }
    return {static_cast<uint8_t>((scales[j + 4] & 15) | (scales[j - 4] >> 6) << 4),
            static_cast<uint8_t>((scales[j + 4] >> 4) | (scales[j] >> 6) << 4)};
}

}  // namespace hearth
