// Runs a model token by token and shows what every FFN saw: what fires, how often, and whether a
// predictor would have known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "planner/token_runner.h"
#include "engine/engine.h"

namespace hearth::bench {

// One FFN at one token (of a mixture: one expert).
struct FfnVisit {
    size_t token = 0;  // its position
    size_t layer = 0;
    size_t expert = 0;                  // 0 where there is no mixture
    std::span<const float> residual;    // (d_model) in front of the norm: what predictors read
    std::span<const float> normed;      // (d_model) what the FFN reads
    std::span<const float> activation;  // (d_ff) not zero: active
};

class FfnProbe {
  public:
    using Visit = std::function<void(const FfnVisit&)>;

    // Dense computing; all weights of `model` are in memory, and it must outlive the probe.
    FfnProbe(const Model& model, size_t n_ctx, size_t n_threads);

    // One decode step at the next position. Returns the likeliest next token.
    Token step(Token token, const Visit& visit);
    // For loops over matrices in a visit.
    const Compute& compute() const { return runner_.compute(); }

  private:
    void feed(size_t layer, Activations& a, const Visit& visit);

    const Model& model_;
    TokenRunner runner_;
};

}  // namespace hearth::bench
