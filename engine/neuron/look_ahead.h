// LookAhead: while one FFN is computed, the bundles that the next will want begin to be read.
//
// The residual stream changes little from one layer to the next, so the next layer's predictor
// makes of this layer's residual nearly what it will make of its own (Deja Vu, arXiv 2310.17157,
// 4.2). What it proposes and memory lacks is read while this FFN's rows and the next attention are
// computed, times at which a disk would have nothing to do. The next FFN asks its predictor again:
// a wrong guess costs a read and a slot, never a neuron.
//
//   begin() by the session's thread; propose_some() by any worker; read_some() by the store's owner
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/neuron/bundle_store.h"
#include "engine/neuron/predictor.h"
#include "engine/neuron/sparse_ffn.h"

namespace hearth {

class LookAhead {
  public:
    // For predictors of up to `max_rank`, 0: none will come.
    LookAhead(size_t d_model, size_t max_rank, size_t d_ff);

    // What the FFN of `section` will want, guessed from `residual` (d_model). The predictor
    // outlives the guessing. An earlier guess is dropped.
    void begin(const Compute& compute, size_t section, const Predictor& predictor,
               const float* residual);

    // Guesses for one lane of neurons; false when no lane is left.
    bool propose_some(const Compute& compute, size_t worker);

    // Begins the reads of one lane that was guessed; false when there is none.
    Result<bool> read_some(BundleStore& store);
    // Those of all lanes that were guessed. Afterwards there is nothing left to do.
    Result<void> finish(BundleStore& store);
    // Forgets what is left to do: the token is not going on.
    void drop();

  private:
    size_t section_ = 0;
    const Predictor* predictor_ = nullptr;  // none: nothing to do
    PredictorScratch scratch_;
    std::array<std::vector<uint32_t>, kLanes> proposed_;
    std::atomic<uint32_t> next_lane_{kLanes};  // the first that nobody took
    std::atomic<uint32_t> guessed_{0};         // one bit per lane, to be read
};

}  // namespace hearth
