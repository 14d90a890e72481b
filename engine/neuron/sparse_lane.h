// One lane of a sparse FFN at work: candidates in, its partial sum out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/kernels/kernels.h"
#include "engine/neuron/ffn_weights.h"

namespace hearth {

// What a lane's rows are picked from. Candidate i of a call has the row rows[i] in each of them:
// its number where the whole FFN lies in memory, its slot where bundles are cached.
struct BundleRows {
    MatrixView gate;  // only where gates are computed by candidate
    MatrixView up;
    MatrixView down;  // (., d_model)
};

class SparseLane {
  public:
    // Candidates handled together: their rows are fetched while others are computed, and the
    // partial sum is read and written once per group of rows instead of once per row.
    static constexpr size_t kGroup = 64;

    // Adds to `partial` (d_model). `fired` (d_ff) gets the activations of candidates by neuron, or
    // is null.
    SparseLane(const KernelTable& kernels, FfnActivation activation, const BundleRows& bundles,
               const ActivationView& x, float* partial, float* fired)
        : kernels_(kernels),
          activation_(activation),
          bundles_(bundles),
          x_(x),
          partial_(partial),
          fired_(fired) {}

    // At most kGroup candidates with their gate values. Returns how many were active.
    size_t add(const uint32_t* neurons, const uint32_t* rows, const float* gates, size_t n);

    // The same for candidates whose gates are yet to be computed.
    size_t add_candidates(const uint32_t* neurons, const uint32_t* rows, size_t n);

  private:
    const KernelTable& kernels_;
    FfnActivation activation_;
    const BundleRows& bundles_;
    const ActivationView& x_;
    float* partial_;
    float* fired_;
};

}  // namespace hearth
