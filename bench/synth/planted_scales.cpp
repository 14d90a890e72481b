#include "bench/synth/planted_scales.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace hearth {

namespace {

// Firing rates follow a beta distribution with this first parameter: the hottest fifth of the
// neurons makes 70 % of the activations. (PowerInfer names 26 % and 80 % for its models.)
constexpr double kRateShape = 0.30;

// Of a dReLU neuron's two gates, up is open this often.
constexpr double kUpOpen = 0.8;

// What attention and FFNs add to the residual's variance, which begins as 1: the first layer's
// attention mixes the context in, then each block of a 32-layer model adds 0.1 to 0.2 of the
// embedding's size.
constexpr double kFirstAttentionVariance = 0.4;
constexpr double kAttentionVariance = 0.8;  // of all layers
constexpr double kFfnVariance = 0.4;        // of all layers

// Attention looks back by turns of 4 to 64 radians to the token; at distance 0 the score is 6.
constexpr double kShortestTurn = 4.0;
constexpr double kLongestTurn = 64.0;
constexpr double kRecencyScore = 6.0;
// What the random parts of queries and keys make of the attention weights: E[w^2] / E[w]^2.
constexpr double kContentSpread = 1.05;
constexpr size_t kTypicalContext = 256;

// Sum of two experts' outputs with renormalised weights, such as 0.6 and 0.4.
constexpr double kExpertShareSquares = 0.55;

double density(double x) {
    return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi);
}

double above(double x) {
    return 0.5 * std::erfc(x / std::numbers::sqrt2);
}

// The x with above(x) == p.
double threshold_of(double p) {
    double low = -8.0;
    double high = 8.0;
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (above(middle) > p ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

// E[max(x - t, 0)^2] of a standard normal x.
double mean_square_above(double t) {
    return (1.0 + t * t) * above(t) - t * density(t);
}

// n quantiles of the beta distribution with this mean, ascending. With x = y^4 the density of y is
// smooth: (1 - y^4)^(b - 1).
std::vector<double> firing_rates(double mean, uint64_t n) {
    constexpr size_t kSteps = 20'000;
    const double b = kRateShape * (1.0 - mean) / mean;
    std::vector<double> total{0.0};
    for (size_t i = 0; i < kSteps; ++i) {
        const double y = (static_cast<double>(i) + 0.5) / kSteps;
        total.push_back(total.back() + std::pow(1.0 - std::pow(y, 1.0 / kRateShape), b - 1.0));
    }
    std::vector<double> rates;
    size_t step = 0;
    for (uint64_t i = 0; i < n; ++i) {
        const double wanted =
            (static_cast<double>(i) + 0.5) / static_cast<double>(n) * total.back();
        while (total[step + 1] < wanted) ++step;
        const double part = (wanted - total[step]) / (total[step + 1] - total[step]);
        const double y = (static_cast<double>(step) + part) / kSteps;
        rates.push_back(std::pow(y, 1.0 / kRateShape));
    }
    return rates;
}

}  // namespace

PlantedScales::PlantedScales(const SyntheticShape& shape) {
    if (shape.ffn_activation == "drelu") up_threshold_ = threshold_of(kUpOpen);
    up_square_ = shape.ffn_activation == "drelu" ? mean_square_above(up_threshold_) : 1.0;
    deal_firing_rates(shape);
    choose_recency(shape);
    grow_residual(shape);
}

void PlantedScales::deal_firing_rates(const SyntheticShape& shape) {
    const double up_open = shape.ffn_activation == "drelu" ? kUpOpen : 1.0;
    for (const double rate : firing_rates(shape.active_fraction / up_open, shape.d_ff)) {
        thresholds_.push_back(threshold_of(std::clamp(rate, 1e-9, 1.0 - 1e-9)));
    }
    // Golden ratio: neighbours in index are far apart in rate.
    stride_ = static_cast<uint64_t>(0.618 * static_cast<double>(shape.d_ff));
    while (std::gcd(stride_, shape.d_ff) != 1) ++stride_;
}

double PlantedScales::threshold(uint64_t layer, uint64_t neuron) const {
    return thresholds_[(neuron * stride_ + layer * 7919) % thresholds_.size()];
}

void PlantedScales::choose_recency(const SyntheticShape& shape) {
    const uint64_t n_pairs = shape.head_dim() / 2;
    const double per_pair = std::log(shape.rope_base) / static_cast<double>(n_pairs);
    const auto pair_of = [&](double turn) {
        return std::min(n_pairs - 1, static_cast<uint64_t>(std::lround(std::log(turn) / per_pair)));
    };
    first_pair_ = pair_of(kShortestTurn);
    end_pair_ = pair_of(kLongestTurn) + 1;
    recency_value_ = std::sqrt(kRecencyScore * std::sqrt(static_cast<double>(shape.head_dim())) /
                               static_cast<double>(end_pair_ - first_pair_));
}

// Sum of the squared attention weights: what averaging leaves of the variance of tokens that have
// nothing to do with each other.
double PlantedScales::attention_concentration(const SyntheticShape& shape) const {
    const auto n_pairs = static_cast<double>(shape.head_dim() / 2);
    double sum = 0.0;
    double squares = 0.0;
    for (size_t distance = 0; distance < kTypicalContext; ++distance) {
        double score = 0.0;
        for (uint64_t pair = first_pair_; pair < end_pair_; ++pair) {
            const double angle = std::pow(shape.rope_base, -static_cast<double>(pair) / n_pairs);
            score += std::cos(angle * static_cast<double>(distance));
        }
        const double weight =
            std::exp(kRecencyScore * score / static_cast<double>(end_pair_ - first_pair_));
        sum += weight;
        squares += weight * weight;
    }
    return kContentSpread * squares / (sum * sum);
}

double PlantedScales::mean_activation_square() const {
    double sum = 0.0;
    for (const double t : thresholds_) sum += mean_square_above(t);
    return sum / static_cast<double>(thresholds_.size()) * up_square_;
}

// Attention averages the fast part (a token's own) away and keeps the slow one (what it added in
// earlier layers, shared by neighbours); what it adds is slow, what an FFN adds is fast.
void PlantedScales::grow_residual(const SyntheticShape& shape) {
    const double n_layers = static_cast<double>(shape.n_layers);
    const double concentration = attention_concentration(shape);
    const double expert_share = shape.n_experts > 0 ? kExpertShareSquares : 1.0;
    const double ffn_gain =
        static_cast<double>(shape.d_ff) * mean_activation_square() * expert_share;
    double fast = 1.0;
    double slow = 0.0;
    for (uint64_t i = 0; i < shape.n_layers; ++i) {
        LayerScales scales;
        scales.residual_before_attention = std::sqrt(fast + slow);
        const double mixed = (fast * concentration + slow) / (fast + slow);
        const double added =
            kAttentionVariance / n_layers + (i == 0 ? kFirstAttentionVariance : 0.0);
        scales.attention_output = std::sqrt(added / mixed / static_cast<double>(shape.d_model));
        slow += added;
        scales.residual_before_ffn = std::sqrt(fast + slow);
        scales.down = std::sqrt(kFfnVariance / n_layers / ffn_gain);
        fast += kFfnVariance / n_layers;
        layers_.push_back(scales);
    }
    final_residual_ = std::sqrt(fast + slow);
}

}  // namespace hearth
