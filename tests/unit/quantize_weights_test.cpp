// Quantizing and reading back: the error of each type, against the limits ggml tests itself with
// (formats-and-kernels 5.4) and against exact cases.
#include "engine/kernels/quantize_weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/kernels/kernels.h"

namespace hearth {
namespace {

std::vector<float> round_trip(Dtype dtype, const std::vector<float>& x) {
    std::vector<std::byte> blocks(row_bytes(dtype, x.size()));
    quantize_weights(dtype, x, blocks.data());
    std::vector<float> out(x.size());
    (*choose_kernels("scalar"))->dequantize_row(dtype, blocks.data(), out.data(), out.size());
    return out;
}

double relative_error(const std::vector<float>& x, const std::vector<float>& y) {
    double error = 0;
    double size = 0;
    for (size_t i = 0; i < x.size(); ++i) {
        error += (x[i] - y[i]) * (x[i] - y[i]);
        size += x[i] * x[i];
    }
    return std::sqrt(error / size);
}

std::vector<float> noise(size_t n) {
    std::vector<float> x(n);
    uint32_t state = 12345;
    for (float& value : x) {
        value = 0;
        for (int i = 0; i < 4; ++i) {
            state = state * 1'664'525u + 1'013'904'223u;
            value += static_cast<float>(state >> 8) / 16'777'216.0f - 0.5f;
        }
    }
    return x;
}

struct Case {
    Dtype dtype;
    double noise_limit;  // relative error on nearly normal values
};

// The floor for b bits on a normal distribution is near 0.09 (4 bits), 0.045, 0.023 (6), 0.006 (8).
constexpr Case kCases[] = {{Dtype::f32, 0},      {Dtype::f16, 0.0004}, {Dtype::bf16, 0.003},
                           {Dtype::q4_0, 0.095}, {Dtype::q5_0, 0.048}, {Dtype::q8_0, 0.006},
                           {Dtype::q4_k, 0.080}, {Dtype::q5_k, 0.042}, {Dtype::q6_k, 0.022}};

TEST(QuantizeWeights, ErrorIsThatOfTheType) {
    std::vector<float> wave(32 * 128);
    for (size_t i = 0; i < wave.size(); ++i) {
        wave[i] = 0.1f + 2.0f * std::cos(static_cast<float>(i));
    }
    const std::vector<float> random = noise(32 * 128);
    for (const auto& [dtype, noise_limit] : kCases) {
        ASSERT_TRUE(can_quantize(dtype));
        EXPECT_LE(relative_error(random, round_trip(dtype, random)), noise_limit)
            << traits(dtype).name;
        const auto back = round_trip(dtype, wave);
        double sum = 0;
        for (size_t i = 0; i < wave.size(); ++i) sum += (wave[i] - back[i]) * (wave[i] - back[i]);
        EXPECT_LE(std::sqrt(sum) / static_cast<double>(wave.size()), 0.002) << traits(dtype).name;
    }
}

TEST(QuantizeWeights, KeepsZeroConstantAndOneSidedBlocks) {
    for (const auto& [dtype, limit] : kCases) {
        EXPECT_EQ(round_trip(dtype, std::vector<float>(512, 0.0f)), std::vector<float>(512, 0.0f));
        for (const float value : {1.0f, -1.0f, 0.01f, -300.0f}) {
            const std::vector<float> constant(512, value);
            EXPECT_LE(relative_error(constant, round_trip(dtype, constant)), 0.01)
                << traits(dtype).name << " " << value;
        }
        std::vector<float> positive = noise(512);
        for (float& value : positive) value = std::fabs(value) + 0.5f;
        EXPECT_LE(relative_error(positive, round_trip(dtype, positive)),
                  std::max(limit, 0.001) * 1.2)
            << traits(dtype).name;
    }
}

TEST(QuantizeWeights, IsExactOnWhatATypeCanHold) {
    // 32 values d * (q - 8) with d = 0.5 and every code: Q4_0 and all wider types hold them.
    std::vector<float> grid(512);
    for (size_t i = 0; i < grid.size(); ++i) grid[i] = 0.5f * (static_cast<float>(i % 16) - 8.0f);
    for (const Dtype dtype : {Dtype::f16, Dtype::bf16, Dtype::q4_0, Dtype::q5_0}) {
        EXPECT_EQ(round_trip(dtype, grid), grid) << traits(dtype).name;
    }
}

TEST(QuantizeWeights, SurvivesExtremeBlocks) {
    std::vector<float> spikes(512, 1e-6f);
    spikes[7] = 60'000.0f;
    spikes[300] = -60'000.0f;
    for (const auto& [dtype, limit] : kCases) {
        for (const float value : round_trip(dtype, spikes)) EXPECT_TRUE(std::isfinite(value));
        for (const float value : round_trip(dtype, std::vector<float>(512, 1e-38f))) {
            EXPECT_LE(std::fabs(value), 1e-7f) << traits(dtype).name;
        }
    }
}

}  // namespace
}  // namespace hearth
