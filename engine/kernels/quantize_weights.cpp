#include "engine/kernels/quantize_weights.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/blocks.h"
#include "engine/kernels/half.h"

namespace hearth {

namespace {

using Floats = std::span<const float>;

Half to_half(float value) {
    const uint16_t bits = f32_to_f16(value);
    return {{static_cast<uint8_t>(bits & 0xFF), static_cast<uint8_t>(bits >> 8)}};
}

// The code nearest to x / scale within [low, high]. A scale of 0 has only zeros to store.
int code_of(float x, float scale, int low, int high) {
    if (scale == 0) return std::clamp(0, low, high);
    // Clamped as a float: a fit may give a scale so small that the quotient fits no int.
    return static_cast<int>(
        std::clamp(std::nearbyint(x / scale), static_cast<float>(low), static_cast<float>(high)));
}

float largest_magnitude(Floats x) {
    float largest = 0;
    for (const float value : x) {
        if (std::fabs(value) > std::fabs(largest)) largest = value;
    }
    return largest;  // with its sign
}

// The scale d that makes the squared error of d * code, code in [low, high], small. The largest
// value goes to `low`, the longer side, so d may be negative.
float fit_scale(Floats x, int low, int high) {
    const float largest = largest_magnitude(x);
    if (std::fabs(largest) < 1e-30f) return 0;
    float best = largest / static_cast<float>(low);
    float best_gain = 0;  // (sum x*q)^2 / sum q*q: what the best d takes off the squared error
    for (int step = -9; step <= 9; ++step) {
        const float d = largest / (static_cast<float>(low) + 0.1f * static_cast<float>(step));
        float xq = 0;
        float qq = 0;
        for (const float value : x) {
            const auto q = static_cast<float>(code_of(value, d, low, high));
            xq += value * q;
            qq += q * q;
        }
        if (qq == 0 || xq * xq <= best_gain * qq) continue;
        best_gain = xq * xq / qq;
        best = xq / qq;
    }
    return best;
}

// value = scale * code - min, code in [0, high], min >= 0.
struct Affine {
    float scale = 0;
    float min = 0;
};

float squared_error(Floats x, const Affine& fit, int high) {
    float sum = 0;
    for (const float value : x) {
        const auto q = static_cast<float>(code_of(value + fit.min, fit.scale, 0, high));
        const float error = fit.scale * q - fit.min - value;
        sum += error * error;
    }
    return sum;
}

// Least squares for scale and min with the codes that `from` gives.
Affine refine(Floats x, const Affine& from, int high) {
    float sum_x = 0;
    float sum_q = 0;
    float sum_qq = 0;
    float sum_xq = 0;
    for (const float value : x) {
        const auto q = static_cast<float>(code_of(value + from.min, from.scale, 0, high));
        sum_x += value;
        sum_q += q;
        sum_qq += q * q;
        sum_xq += value * q;
    }
    const auto n = static_cast<float>(x.size());
    const float determinant = n * sum_qq - sum_q * sum_q;
    if (determinant <= 0) return from;
    const Affine fit{(n * sum_xq - sum_x * sum_q) / determinant,
                     (sum_q * sum_xq - sum_qq * sum_x) / determinant};
    if (fit.min >= 0) return fit;
    return {sum_qq > 0 ? sum_xq / sum_qq : from.scale, 0};  // the line through zero
}

Affine fit_affine(Floats x, int high) {
    const auto [low_at, high_at] = std::minmax_element(x.begin(), x.end());
    const float low = std::min(*low_at, 0.0f);
    const float range = *high_at - low;
    if (range < 1e-30f) return {0, -low};
    Affine best{range / static_cast<float>(high), -low};
    float best_error = squared_error(x, best, high);
    for (int step = -5; step <= 10; ++step) {
        const float levels = static_cast<float>(high) + 0.1f * static_cast<float>(step);
        const Affine fit = refine(x, {range / levels, -low}, high);
        const float error = squared_error(x, fit, high);
        if (error >= best_error) continue;
        best_error = error;
        best = fit;
    }
    return best;
}

void quantize(Floats x, BlockQ4_0& block) {
    block.d = to_half(fit_scale(x, -8, 7));
    const float d = block.d.value();
    for (size_t j = 0; j < 16; ++j) {
        const int low = code_of(x[j], d, -8, 7) + 8;
        const int high = code_of(x[j + 16], d, -8, 7) + 8;
        block.qs[j] = static_cast<uint8_t>(low | high << 4);
    }
}

void quantize(Floats x, BlockQ5_0& block) {
    block.d = to_half(fit_scale(x, -16, 15));
    const float d = block.d.value();
    uint32_t fifth = 0;
    for (size_t j = 0; j < 16; ++j) {
        const int low = code_of(x[j], d, -16, 15) + 16;
        const int high = code_of(x[j + 16], d, -16, 15) + 16;
        block.qs[j] = static_cast<uint8_t>((low & 15) | (high & 15) << 4);
        fifth |= static_cast<uint32_t>(low >> 4) << j;
        fifth |= static_cast<uint32_t>(high >> 4) << (j + 16);
    }
    std::memcpy(block.qh, &fifth, sizeof fifth);
}

void quantize(Floats x, BlockQ8_0& block) {
    block.d = to_half(std::fabs(largest_magnitude(x)) / 127);
    const float d = block.d.value();
    for (size_t j = 0; j < x.size(); ++j) {
        block.qs[j] = static_cast<int8_t>(code_of(x[j], d, -127, 127));
    }
}

// The inverse of unpack_scale_min() for all eight sub-blocks.
void pack_scale_mins(const std::array<ScaleMin, 8>& values, uint8_t (&out)[12]) {
    for (size_t j = 0; j < 4; ++j) {
        const ScaleMin& first = values[j];
        const ScaleMin& second = values[j + 4];
        out[j] = static_cast<uint8_t>(first.scale | (second.scale >> 4) << 6);
        out[j + 4] = static_cast<uint8_t>(first.min | (second.min >> 4) << 6);
        out[j + 8] = static_cast<uint8_t>((second.scale & 15) | (second.min & 15) << 4);
    }
}

// What Q4_K and Q5_K have in common: two-level scales, 8 sub-blocks of 32, codes 0..high.
struct SubBlockCodes {
    Half d;
    Half dmin;
    std::array<ScaleMin, 8> scale_mins;
    std::array<uint8_t, 256> codes;
};

SubBlockCodes quantize_sub_blocks(Floats x, int high) {
    std::array<Affine, 8> fits;
    float largest_scale = 0;
    float largest_min = 0;
    for (size_t j = 0; j < 8; ++j) {
        fits[j] = fit_affine(x.subspan(32 * j, 32), high);
        largest_scale = std::max(largest_scale, fits[j].scale);
        largest_min = std::max(largest_min, fits[j].min);
    }
    SubBlockCodes out{to_half(largest_scale / 63), to_half(largest_min / 63), {}, {}};
    const float d = out.d.value();
    const float dmin = out.dmin.value();
    for (size_t j = 0; j < 8; ++j) {
        const int scale = code_of(fits[j].scale, d, 0, 63);
        const int min = code_of(fits[j].min, dmin, 0, 63);
        out.scale_mins[j] = {static_cast<uint8_t>(scale), static_cast<uint8_t>(min)};
        for (size_t i = 32 * j; i < 32 * (j + 1); ++i) {
            out.codes[i] = static_cast<uint8_t>(code_of(x[i] + dmin * static_cast<float>(min),
                                                        d * static_cast<float>(scale), 0, high));
        }
    }
    return out;
}

// Low four bits: 32 bytes hold two sub-blocks.
void pack_nibbles(const std::array<uint8_t, 256>& codes, uint8_t (&qs)[128]) {
    for (size_t k = 0; k < 4; ++k) {
        for (size_t l = 0; l < 32; ++l) {
            qs[32 * k + l] =
                static_cast<uint8_t>((codes[64 * k + l] & 15) | (codes[64 * k + 32 + l] & 15) << 4);
        }
    }
}

void quantize(Floats x, BlockQ4_K& block) {
    const SubBlockCodes sub = quantize_sub_blocks(x, 15);
    block.d = sub.d;
    block.dmin = sub.dmin;
    pack_scale_mins(sub.scale_mins, block.scales);
    pack_nibbles(sub.codes, block.qs);
}

void quantize(Floats x, BlockQ5_K& block) {
    const SubBlockCodes sub = quantize_sub_blocks(x, 31);
    block.d = sub.d;
    block.dmin = sub.dmin;
    pack_scale_mins(sub.scale_mins, block.scales);
    pack_nibbles(sub.codes, block.qs);
    for (size_t l = 0; l < 32; ++l) {
        unsigned bits = 0;
        for (size_t j = 0; j < 8; ++j) bits |= (sub.codes[32 * j + l] >> 4 & 1u) << j;
        block.qh[l] = static_cast<uint8_t>(bits);
    }
}

void quantize(Floats x, BlockQ6_K& block) {
    std::array<float, 16> scales;
    for (size_t j = 0; j < 16; ++j) scales[j] = fit_scale(x.subspan(16 * j, 16), -32, 31);
    block.d = to_half(largest_magnitude(scales) / -128);
    const float d = block.d.value();
    std::array<int, 256> codes;
    for (size_t j = 0; j < 16; ++j) {
        const int scale = code_of(scales[j], d, -128, 127);
        block.scales[j] = static_cast<int8_t>(scale);
        for (size_t i = 16 * j; i < 16 * (j + 1); ++i) {
            codes[i] = code_of(x[i], d * static_cast<float>(scale), -32, 31) + 32;
        }
    }
    for (size_t half = 0; half < 2; ++half) {
        const int* q = codes.data() + 128 * half;
        for (size_t l = 0; l < 32; ++l) {
            block.ql[64 * half + l] = static_cast<uint8_t>((q[l] & 15) | (q[l + 64] & 15) << 4);
            block.ql[64 * half + 32 + l] =
                static_cast<uint8_t>((q[l + 32] & 15) | (q[l + 96] & 15) << 4);
            block.qh[32 * half + l] = static_cast<uint8_t>(
                q[l] >> 4 | (q[l + 32] >> 4) << 2 | (q[l + 64] >> 4) << 4 | (q[l + 96] >> 4) << 6);
        }
    }
}

template <typename Block>
void quantize_blocks(Floats x, std::byte* out) {
    for (; !x.empty(); x = x.subspan(Block::kElements), out += sizeof(Block)) {
        Block block;
        quantize(x.first(Block::kElements), block);
        std::memcpy(out, &block, sizeof block);
    }
}

// Rounds to nearest even.
uint16_t f32_to_bf16(float value) {
    const auto bits = std::bit_cast<uint32_t>(value);
    return static_cast<uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

void narrow(Floats x, std::byte* out, uint16_t (*convert)(float)) {
    for (const float value : x) {
        const uint16_t half = convert(value);
        std::memcpy(out, &half, sizeof half);
        out += sizeof half;
    }
}

}  // namespace

bool can_quantize(Dtype dtype) {
    switch (dtype) {
        case Dtype::f32:
        case Dtype::f16:
        case Dtype::bf16:
        case Dtype::q4_0:
        case Dtype::q5_0:
        case Dtype::q8_0:
        case Dtype::q4_k:
        case Dtype::q5_k:
        case Dtype::q6_k:
            return true;
        default:
            return false;
    }
}

void quantize_weights(Dtype dtype, std::span<const float> x, std::byte* out) {
    HEARTH_CHECK(x.size() % traits(dtype).block_elements == 0);
    switch (dtype) {
        case Dtype::f32:
            std::memcpy(out, x.data(), x.size_bytes());
            return;
        case Dtype::f16:
            return narrow(x, out, f32_to_f16);
        case Dtype::bf16:
            return narrow(x, out, f32_to_bf16);
        case Dtype::q4_0:
            return quantize_blocks<BlockQ4_0>(x, out);
        case Dtype::q5_0:
            return quantize_blocks<BlockQ5_0>(x, out);
        case Dtype::q8_0:
            return quantize_blocks<BlockQ8_0>(x, out);
        case Dtype::q4_k:
            return quantize_blocks<BlockQ4_K>(x, out);
        case Dtype::q5_k:
            return quantize_blocks<BlockQ5_K>(x, out);
        case Dtype::q6_k:
            return quantize_blocks<BlockQ6_K>(x, out);
        default:
            HEARTH_CHECK(false && "can_quantize() says no");
    }
}

}  // namespace hearth
