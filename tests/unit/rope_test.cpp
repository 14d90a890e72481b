#include "engine/model/rope.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hearth {
namespace {

RopeConfig plain(RopeLayout layout) {
    RopeConfig config;
    config.layout = layout;
    config.n_rot = 4;
    config.base = 100.0F;  // frequencies 1 and 0.1
    return config;
}

std::vector<float> rotated(const RopeConfig& config, const float* factors, size_t position,
                           std::vector<float> x) {
    const Rope rope(config, factors);
    std::vector<float> cos(rope.n_pairs());
    std::vector<float> sin(rope.n_pairs());
    rope.angles(position, 1, cos.data(), sin.data());
    rope.rotate(x.data(), 1, x.size(), cos.data(), sin.data());
    return x;
}

TEST(Rope, LayoutsPairTheDimensionsTheyShould) {
    const auto interleaved = rotated(plain(RopeLayout::interleaved), nullptr, 3, {1, 0, 1, 0, 7});
    EXPECT_NEAR(interleaved[0], std::cos(3.0), 1e-6);
    EXPECT_NEAR(interleaved[1], std::sin(3.0), 1e-6);
    EXPECT_NEAR(interleaved[2], std::cos(0.3), 1e-6);
    EXPECT_NEAR(interleaved[3], std::sin(0.3), 1e-6);
    EXPECT_EQ(interleaved[4], 7.0F);  // beyond n_rot
    const auto halves = rotated(plain(RopeLayout::halves), nullptr, 3, {1, 1, 0, 0, 7});
    EXPECT_NEAR(halves[0], std::cos(3.0), 1e-6);
    EXPECT_NEAR(halves[2], std::sin(3.0), 1e-6);
    EXPECT_NEAR(halves[1], std::cos(0.3), 1e-6);
    EXPECT_NEAR(halves[3], std::sin(0.3), 1e-6);
}

TEST(Rope, LinearScalingAndFactorsStretchPositions) {
    auto config = plain(RopeLayout::interleaved);
    config.scaling = RopeScaling::linear;
    config.factor = 4.0F;
    EXPECT_NEAR(rotated(config, nullptr, 8, {1, 0, 1, 0})[0], std::cos(2.0), 1e-6);
    const float factors[] = {2.0F, 1.0F};
    const auto x = rotated(plain(RopeLayout::interleaved), factors, 8, {1, 0, 1, 0});
    EXPECT_NEAR(x[0], std::cos(4.0), 1e-6);
    EXPECT_NEAR(x[2], std::cos(0.8), 1e-6);
}

TEST(Rope, YarnKeepsFastDimensionsAndStretchesSlowOnes) {
    RopeConfig config;
    config.n_rot = 64;
    config.base = 10000.0F;
    config.scaling = RopeScaling::yarn;
    config.factor = 4.0F;
    config.original_context = 2048;
    const Rope rope(config, nullptr);
    std::vector<float> cos(32);
    std::vector<float> sin(32);
    rope.angles(1, 1, cos.data(), sin.data());
    const double magnitude = 1.0 + 0.1 * std::log(4.0);
    EXPECT_NEAR(cos[0], magnitude * std::cos(1.0), 1e-6);
    EXPECT_NEAR(sin[31], magnitude * std::sin(std::pow(10000.0, -62.0 / 64.0) / 4.0), 1e-6);
}

TEST(Rope, ScoresDependOnDistanceOnly) {
    const auto config = plain(RopeLayout::halves);
    const std::vector<float> q{0.3F, -1.0F, 0.5F, 2.0F};
    const std::vector<float> k{1.0F, 0.2F, -0.7F, 0.1F};
    const auto dot = [&](size_t a, size_t b) {
        const auto x = rotated(config, nullptr, a, q);
        const auto y = rotated(config, nullptr, b, k);
        double sum = 0.0;
        for (size_t i = 0; i < 4; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(y[i]);
        return sum;
    };
    EXPECT_NEAR(dot(5, 2), dot(105, 102), 1e-5);
}

}  // namespace
}  // namespace hearth
