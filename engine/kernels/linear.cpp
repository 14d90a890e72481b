#include "engine/kernels/linear.h"

#include <algorithm>

namespace hearth {

namespace {

// Rows of a mat-vec that one worker takes at a time: about this many bytes, so that a sequential
// read is long enough for the prefetcher and a slow core holds nobody up for long.
constexpr size_t kMatvecChunkBytes = size_t{128} << 10;
constexpr size_t kMatvecRowStep = 16;

// Tokens that one worker normalises or quantizes at a time.
constexpr size_t kTokenGrain = 4;

size_t rows_per_chunk(const MatrixView& weight, size_t n_tokens) {
    if (n_tokens > 1) return kMatmulRowTile;
    return std::max(kMatvecRowStep,
                    kMatvecChunkBytes / weight.stride_bytes / kMatvecRowStep * kMatvecRowStep);
}

void add_bias(const Product& product, size_t begin, size_t end, size_t n_tokens) {
    if (product.bias == nullptr) return;
    for (size_t t = 0; t < n_tokens; ++t) {
        float* const row = product.output + t * product.ld_output;
        for (size_t r = begin; r < end; ++r) row[r] += product.bias[r];
    }
}

}  // namespace

void multiply(const Compute& compute, const ActivationView& input,
              std::span<const Product> products) {
    size_t n_chunks = 0;
    for (const Product& product : products) {
        const size_t step = rows_per_chunk(product.weight, input.n_tokens);
        n_chunks += (product.weight.rows + step - 1) / step;
    }
    compute.pool.parallel_for(n_chunks, 1, [&](size_t chunk, size_t, size_t worker) {
        if (compute.stopped()) return;
        // Which matrix the chunk belongs to: groups have three at most.
        const Product* product = products.data();
        size_t step = rows_per_chunk(product->weight, input.n_tokens);
        for (size_t n = (product->weight.rows + step - 1) / step; chunk >= n;
             n = (product->weight.rows + step - 1) / step) {
            chunk -= n;
            ++product;
            step = rows_per_chunk(product->weight, input.n_tokens);
        }
        const size_t begin = chunk * step;
        multiply_range(compute, worker, input, *product, begin,
                       std::min(product->weight.rows, begin + step));
    });
}

void multiply_range(const Compute& compute, size_t worker, const ActivationView& input,
                    const Product& product, size_t begin, size_t end) {
    if (input.n_tokens == 1) {
        compute.kernels.matvec(product.weight, begin, end, input, product.output);
    } else {
        // A view that begins with the range: tiles are counted from its first row.
        MatrixView rows = product.weight;
        rows.data = rows.row(begin);
        rows.rows = end - begin;
        compute.kernels.matmul(rows, 0, rows.rows, input, product.output + begin, product.ld_output,
                               compute.scratch + worker * compute.scratch_per_worker);
    }
    add_bias(product, begin, end, input.n_tokens);
}

bool needs_q8(Dtype dtype) {
    return dtype != Dtype::f32 && dtype != Dtype::f16 && dtype != Dtype::bf16;
}

ActivationView prepare_input(const Compute& compute, const float* x, size_t n_tokens, size_t cols,
                             std::span<const Product> products, Q8Rows& out) {
    const bool quantize = std::any_of(products.begin(), products.end(), [](const Product& product) {
        return needs_q8(product.weight.dtype);
    });
    if (!quantize) return {x, nullptr, n_tokens, cols};
    out.set_cols(cols);
    compute.pool.parallel_for(n_tokens, kTokenGrain, [&](size_t begin, size_t end, size_t) {
        compute.kernels.quantize_rows(x + begin * cols, cols, begin, end - begin, out);
    });
    return {x, &out, n_tokens, cols};
}

}  // namespace hearth
