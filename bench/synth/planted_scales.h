// The arithmetic behind planted sparsity: how large everything must be so that the neurons of every
// layer fire as often as they should.
//
// The residual of every token has the value 1 in its first 32 dimensions, in all layers; the others
// begin as an embedding with deviation 1 and grow by what attention and FFNs add. With a deviation
// of `residual` in front of an FFN, a gate row whose product with those dimensions has deviation
// `residual` and to which the constant adds -t * residual fires with probability P(normal > t),
// whatever the norm divides by. So a layer's thresholds are known once its residual is.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/synth/synthetic_shape.h"

namespace hearth {

// Dimensions [0, 32) of the residual hold 1: one block of weights, so that its scale alone is a
// bias.
inline constexpr uint64_t kConstantDims = 32;

// Where one layer stands. Deviations of the residual's other dimensions; deviations of weights.
struct LayerScales {
    double residual_before_attention = 1.0;
    double residual_before_ffn = 1.0;
    double attention_output = 0.0;  // of attn_output's weights
    double down = 0.0;              // of down's weights
};

class PlantedScales {
  public:
    explicit PlantedScales(const SyntheticShape& shape);

    const LayerScales& layer(uint64_t i) const { return layers_[i]; }
    // The residual behind the last layer.
    double final_residual() const { return final_residual_; }

    // A gate fires when its standard normal score exceeds this. Each layer (and expert) deals the
    // same firing rates out to its neurons in another order.
    double threshold(uint64_t layer, uint64_t neuron) const;
    // dReLU: the same for up, equal for all neurons; relu: minus infinity is not needed, 0.
    double up_threshold() const { return up_threshold_; }

    // Query and key both have this value, before the norm's division, in the first dimension of
    // the rotated pairs for which is_recency_pair(): their product falls with the distance, so that
    // attention looks back over the last dozen of tokens.
    double recency_value() const { return recency_value_; }
    bool is_recency_pair(uint64_t pair) const { return pair >= first_pair_ && pair < end_pair_; }

  private:
    void deal_firing_rates(const SyntheticShape& shape);
    void choose_recency(const SyntheticShape& shape);
    double attention_concentration(const SyntheticShape& shape) const;
    double mean_activation_square() const;
    void grow_residual(const SyntheticShape& shape);

    std::vector<double> thresholds_;  // (d_ff), ascending rates
    uint64_t stride_ = 1;             // of the order in which they are dealt; coprime to d_ff
    double up_threshold_ = 0.0;
    double up_square_ = 1.0;  // mean square of the activated up
    double recency_value_ = 0.0;
    uint64_t first_pair_ = 0;
    uint64_t end_pair_ = 0;
    std::vector<LayerScales> layers_;
    double final_residual_ = 1.0;
};

}  // namespace hearth
