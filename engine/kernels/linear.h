// Weights times activations over the pool: the only place that splits matrices among threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>

#include "engine/base/thread_pool.h"
#include "engine/base/token_trace.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/quantize.h"

namespace hearth {

// What loops compute with; views, owned by the Session.
struct Compute {
    const KernelTable& kernels;
    ThreadPool& pool;
    const std::atomic<bool>& stop;  // set: loops leave early and their outputs mean nothing
    std::byte* scratch;             // (n_threads, scratch_per_worker)
    size_t scratch_per_worker;
    TokenTrace* trace = nullptr;  // records what workers do; usually nobody asks

    bool stopped() const { return stop.load(std::memory_order_relaxed); }
};

// One matrix of a group that shares its input: output (n_tokens, rows) with row stride ld_output.
struct Product {
    MatrixView weight;
    const float* bias = nullptr;
    float* output = nullptr;
    size_t ld_output = 0;
};

// All products of the group in one parallel loop: mat-vec for one token, GEMM for more.
void multiply(const Compute& compute, const ActivationView& input,
              std::span<const Product> products);

// Rows [begin, end) of one product, by one worker: the values that multiply() gives for them.
void multiply_range(const Compute& compute, size_t worker, const ActivationView& input,
                    const Product& product, size_t begin, size_t end);

// Whether a weight type reads the quantized copy of its input.
bool needs_q8(Dtype dtype);

// Quantizes n_tokens rows of x (stride cols) into `out` if any of the products needs it, and
// returns the input as multiply() wants it.
ActivationView prepare_input(const Compute& compute, const float* x, size_t n_tokens, size_t cols,
                             std::span<const Product> products, Q8Rows& out);

}  // namespace hearth
