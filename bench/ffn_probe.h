// Runs a model token by token through the engine's own functions and shows what every FFN saw: what
// fires, how often, and whether a predictor would have known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/token.h"
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

    // Dense computing; `model` must outlive the probe.
    FfnProbe(const Model& model, size_t n_ctx, size_t n_threads);
    ~FfnProbe();
    FfnProbe(const FfnProbe&) = delete;
    FfnProbe& operator=(const FfnProbe&) = delete;

    // One decode step at the next position. Returns the likeliest next token.
    Token step(Token token, const Visit& visit);
    // For loops over matrices in a visit.
    const struct Compute& compute() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hearth::bench
