// Decode one token at a time through the engine's own functions, with an FFN of the caller's.
//
// For what looks at FFN inputs, or feeds FFNs their weights in another way; all else is the same
// code.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

#include "engine/base/result.h"
#include "engine/base/thread_pool.h"
#include "engine/base/token.h"
#include "engine/kernels/linear.h"
#include "engine/model/activations.h"
#include "engine/model/kv_cache.h"
#include "engine/model/rope.h"
#include "engine/model/weights.h"

namespace hearth {

class TokenRunner {
  public:
    // a.normed and a.residual (d_model) -> a.block_output (d_model), for one token.
    using Ffn = std::function<Result<void>(size_t layer, Activations& a)>;

    // Everything must outlive the runner. The weights of FFNs are not looked at.
    TokenRunner(const ModelConfig& config, const Weights& weights, const KernelTable& kernels,
                size_t n_ctx, size_t n_threads);
    TokenRunner(const TokenRunner&) = delete;
    TokenRunner& operator=(const TokenRunner&) = delete;

    // Computes the token at the next position and returns the likeliest one behind it, or the error
    // of an FFN.
    Result<Token> step(Token token, const Ffn& ffn);

    const Compute& compute() const { return compute_; }
    size_t position() const { return position_; }

  private:
    void normalize(const float* weight);
    Token likeliest();

    const ModelConfig& config_;
    const Weights& weights_;
    std::atomic<bool> stop_{false};
    ThreadPool pool_;
    KvCache cache_;
    Activations a_;
    Rope rope_;
    Compute compute_;
    size_t position_ = 0;
};

}  // namespace hearth
