// KernelTable: every hot loop of the engine for one instruction set, chosen once at start.
//
// The unit of dispatch is a whole mat-vec over a range of rows, so the indirect call is paid per
// thousands of multiply-adds. scalar.cpp is the reference; avx2/, avx512/ and neon/ must agree with
// it within the bounds their tests state. What they share is in per_isa/, compiled once for each
// inside its own target region: no file has compiler flags of its own. All sums are formed in an
// order that depends on the operands' shapes only, never on how rows are split over threads: the
// same input gives the same output for any thread count.
//
// All functions are pure and thread-safe over disjoint outputs. Pointers need no alignment beyond
// their type unless said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/kernels/quantize.h"

namespace hearth {

// A weight matrix as it lies in memory: rows of whole blocks, row r at data + r * stride_bytes.
struct MatrixView {
    Dtype dtype = Dtype::f32;
    const std::byte* data = nullptr;
    size_t rows = 0;
    size_t cols = 0;          // a multiple of the dtype's block length
    size_t stride_bytes = 0;  // at least row_bytes(dtype, cols)

    const std::byte* row(size_t r) const { return data + r * stride_bytes; }
};

// The input of a mat-vec or GEMM: n_tokens rows of `cols` floats and, for quantized weights, the
// same rows as int8. Weights of F32, F16 and BF16 read `f32`; all others read `q8`.
struct ActivationView {
    const float* f32 = nullptr;  // (n_tokens, cols), row stride = cols
    const Q8Rows* q8 = nullptr;  // the same, quantized; may be null if no weight needs it
    size_t n_tokens = 0;
    size_t cols = 0;
};

// Row ranges handed to matmul() begin at multiples of this (the last may be shorter).
inline constexpr size_t kMatmulRowTile = 32;

struct KernelTable {
    std::string_view name;  // "scalar", "avx2", "avx512", "neon"

    // --- weights x activations ---------------------------------------------------------------
    // y[r] = dot(w row r, x row 0) for r in [row_begin, row_end). This is where decode spends its
    // time: it must run at the speed of memory.
    void (*matvec)(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
                   float* y);
    // y[t * ldy + r] = dot(w row r, x row t) for all tokens t and r in [row_begin, row_end).
    // `scratch` has matmul_scratch_bytes(w.dtype, w.cols) bytes, 64-byte aligned, for one worker.
    // Unpacks a tile of rows once and multiplies it with all tokens (formats-and-kernels 3.1).
    void (*matmul)(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
                   float* y, size_t ldy, std::byte* scratch);
    size_t (*matmul_scratch_bytes)(Dtype dtype, size_t cols);

    // --- neurons -------------------------------------------------------------------------------
    // Rows picked one by one, ascending: what a sparse FFN reads. Both fetch ahead across rows.
    // y[j] = dot(w row rows[j], x row 0) for j in [0, n); the same value as matvec gives.
    void (*matvec_rows)(const MatrixView& w, const uint32_t* rows, size_t n,
                        const ActivationView& x, float* y);
    // y[c] += sum over j of factor[j] * w[rows[j]][c], in order of j, for all c in [0, cols).
    void (*accumulate_rows)(const MatrixView& w, const uint32_t* rows, const float* factor,
                            size_t n, float* y);

    // --- activations ---------------------------------------------------------------------------
    // Quantizes n_rows rows of x (row stride ldx floats) into rows [first_row, first_row + n_rows).
    void (*quantize_rows)(const float* x, size_t ldx, size_t first_row, size_t n_rows, Q8Rows& out);
    // out[0..n) = one row of any computable type as floats (embedding rows, tests).
    void (*dequantize_row)(Dtype dtype, const std::byte* row, float* out, size_t n);
    // out = x * weight / sqrt(mean(x^2) + eps). `out` may be `x`.
    void (*rms_norm)(const float* x, const float* weight, float eps, float* out, size_t n);
    // out[i] = act(gate[i]) * up[i]; drelu is relu(gate) * relu(up). `out` may be `gate`.
    void (*silu_mul)(const float* gate, const float* up, float* out, size_t n);
    void (*gelu_mul)(const float* gate, const float* up, float* out, size_t n);  // tanh form
    void (*relu_mul)(const float* gate, const float* up, float* out, size_t n);
    void (*drelu_mul)(const float* gate, const float* up, float* out, size_t n);
    void (*add)(const float* x, float* accumulate, size_t n);   // accumulate += x
    void (*axpy)(float a, const float* x, float* y, size_t n);  // y += a * x
    // In place; x = exp(x - max) / sum. Returns nothing useful for n == 0.
    void (*softmax)(float* x, size_t n);
    void (*to_f16)(const float* x, uint16_t* out, size_t n);  // round to nearest even

    // XORs the 64-bit words of whole 64-byte lines: reads memory and does nothing else, so its speed
    // is the limit of everything above.
    uint64_t (*fold)(const std::byte* data, size_t bytes);

    // --- attention over an F16 cache ---------------------------------------------------------
    // out[i * ld_out + p] = scale * dot(q_i, k_p): n_q query heads that share one KV head against
    // n_pos cached keys, so each key is read once. Strides in elements.
    void (*scores_f16)(const float* q, size_t ld_q, size_t n_q, const uint16_t* k, size_t ld_k,
                       size_t n_pos, size_t head_dim, float scale, float* out, size_t ld_out);
    // out_i += sum over p of weight[i * ld_weight + p] * v_p, in order of p. out is (n_q, head_dim)
    // with stride ld_out.
    void (*mix_f16)(const float* weight, size_t ld_weight, size_t n_q, const uint16_t* v,
                    size_t ld_v, size_t n_pos, size_t head_dim, float* out, size_t ld_out);
};

// The tables this CPU (and this OS: XGETBV) can run, best first; scalar is always the last.
std::span<const KernelTable* const> supported_kernels();

// The best table, or the one named; an unknown or unsupported name is a usage error that lists what
// there is. main reads HEARTH_ISA and passes it here.
Result<const KernelTable*> choose_kernels(std::string_view name);

}  // namespace hearth
