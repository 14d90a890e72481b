#include "engine/model/rope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hearth {

namespace {

// YaRN (arXiv 2309.00071, section 3.2): dimensions that turn often within the original context keep
// their frequency, those that turn seldom are interpolated, and a ramp lies between.
struct YarnRamp {
    double low = 0.0;
    double high = 1.0;

    YarnRamp(const RopeConfig& config) {
        low = std::max(0.0, std::floor(dimension(config, config.beta_fast)));
        high = std::min(static_cast<double>(config.n_rot) - 1.0,
                        std::ceil(dimension(config, config.beta_slow)));
    }
    // The pair that makes `rotations` turns over the original context.
    static double dimension(const RopeConfig& config, double rotations) {
        const auto n_rot = static_cast<double>(config.n_rot);
        return n_rot *
               std::log(static_cast<double>(config.original_context) /
                        (rotations * 2.0 * std::numbers::pi)) /
               (2.0 * std::log(static_cast<double>(config.base)));
    }
    // 1 = keep the frequency, 0 = interpolate in full.
    double keep(size_t pair) const {
        const double y = (static_cast<double>(pair) - low) / std::max(0.001, high - low);
        return 1.0 - std::clamp(y, 0.0, 1.0);
    }
};

}  // namespace

Rope::Rope(const RopeConfig& config, const float* factors)
    : layout_(config.layout), magnitude_(1.0F), frequencies_(config.n_rot / 2) {
    const double stretch = static_cast<double>(config.factor);
    const YarnRamp ramp(config);
    for (size_t i = 0; i < frequencies_.size(); ++i) {
        double frequency =
            std::pow(static_cast<double>(config.base),
                     -2.0 * static_cast<double>(i) / static_cast<double>(config.n_rot));
        if (factors != nullptr) frequency /= static_cast<double>(factors[i]);
        switch (config.scaling) {
            case RopeScaling::none:
                break;
            case RopeScaling::linear:
                frequency /= stretch;
                break;
            case RopeScaling::yarn: {
                const double keep = ramp.keep(i);
                frequency = frequency / stretch * (1.0 - keep) + frequency * keep;
                break;
            }
        }
        frequencies_[i] = frequency;
    }
    if (config.scaling == RopeScaling::yarn) {
        magnitude_ = config.attention_factor *
                     static_cast<float>(1.0 + 0.1 * std::log(std::max(1.0, stretch)));
    }
}

void Rope::angles(size_t first, size_t n, float* cos, float* sin) const {
    for (size_t p = 0; p < n; ++p) {
        for (const double frequency : frequencies_) {
            const double angle = static_cast<double>(first + p) * frequency;
            *cos++ = magnitude_ * static_cast<float>(std::cos(angle));
            *sin++ = magnitude_ * static_cast<float>(std::sin(angle));
        }
    }
}

void Rope::rotate(float* x, size_t n_heads, size_t head_dim, const float* cos,
                  const float* sin) const {
    const size_t pairs = frequencies_.size();
    // The two members of pair i: i * step and i * step + apart.
    const size_t step = layout_ == RopeLayout::interleaved ? 2 : 1;
    const size_t apart = layout_ == RopeLayout::interleaved ? 1 : pairs;
    for (size_t h = 0; h < n_heads; ++h) {
        float* const head = x + h * head_dim;
        for (size_t i = 0; i < pairs; ++i) {
            float& a = head[i * step];
            float& b = head[i * step + apart];
            const float rotated = a * cos[i] - b * sin[i];
            b = a * sin[i] + b * cos[i];
            a = rotated;
        }
    }
}

}  // namespace hearth
