// Mixture of experts: the router chooses, each chosen expert is an FFN, their outputs are mixed.
#pragma once

#include <cstddef>

#include "engine/kernels/linear.h"
#include "engine/model/activations.h"
#include "engine/model/config.h"
#include "engine/model/ffn.h"
#include "engine/model/weights.h"

namespace hearth {

// Fills a.routes (n_tokens, n_experts_used) from x (n_tokens, d_model): the normed FFN input, or
// the raw residual where config.routing says so.
void route(const Compute& compute, const ModelConfig& config, const MatrixView& router,
           const float* x, size_t n_tokens, Activations& a);

// The FFN of a layer over the experts that a.routes names; x is a.normed. Every expert sees its
// tokens at once; a token's outputs are added in order of expert number. They go
// through their experts by neurons where those can_run_sparse() and they go_by_neurons(): an
// expert's tokens are a batch of their own.
Result<NeuronCount> feed_forward_experts(const Compute& compute, const ModelConfig& config,
                                         size_t layer, const std::vector<FfnWeights>& experts,
                                         const FfnRun& run, const float* x, size_t n_tokens,
                                         float* out, Activations& a);

}  // namespace hearth
