// The reference kernels: plain loops, dot products summed in double.
#include "engine/kernels/scalar.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/aligned_buffer.h"
#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "engine/kernels/weights32.h"

namespace hearth::scalar {

namespace {

// --- weights x activations -------------------------------------------------------------------

float element(Dtype dtype, const std::byte* row, size_t i) {
    switch (dtype) {
        case Dtype::f32:
            return load_unaligned<float>(row + i * 4);
        case Dtype::f16:
            return f16_to_f32(load_unaligned<uint16_t>(row + i * 2));
        case Dtype::bf16:
            return bf16_to_f32(load_unaligned<uint16_t>(row + i * 2));
        default:
            HEARTH_CHECK(false && "not a computable dtype");
    }
}

int dot16(const int8_t* a, const int8_t* b) {
    int sum = 0;
    for (size_t i = 0; i < 16; ++i) sum += a[i] * b[i];
    return sum;
}

template <typename Block>
double dot_blocks(const Block* blocks, const Q8Rows& x, size_t token) {
    const int8_t* q = x.q(token);
    const float* x_scale = x.scale(token);
    const int16_t* x_sum = x.sum(token);
    constexpr size_t kPerBlock = Block::kElements / kQ8Block;
    double dot = 0.0;
    for (size_t s = 0; s < x.cols() / kQ8Block; ++s) {
        Weights32 w;
        unpack(blocks[s / kPerBlock], s % kPerBlock, w);
        const double low = static_cast<double>(w.scale[0]) * dot16(w.q, q + s * 32);
        const double high = static_cast<double>(w.scale[1]) * dot16(w.q + 16, q + s * 32 + 16);
        const double offset = static_cast<double>(w.offset) * (x_sum[s * 2] + x_sum[s * 2 + 1]);
        dot += (low + high + offset) * x_scale[s];
    }
    return dot;
}

double dot_floats(Dtype dtype, const std::byte* row, const float* x, size_t n) {
    double dot = 0.0;
    for (size_t i = 0; i < n; ++i) dot += static_cast<double>(element(dtype, row, i)) * x[i];
    return dot;
}

float dot_row(const MatrixView& w, size_t r, const ActivationView& x, size_t token) {
    double dot = 0.0;
    const bool quantized = visit_blocks(
        w.dtype, w.row(r), [&](const auto* blocks) { dot = dot_blocks(blocks, *x.q8, token); });
    if (!quantized) dot = dot_floats(w.dtype, w.row(r), x.f32 + token * x.cols, w.cols);
    return static_cast<float>(dot);
}

void matvec(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
            float* y) {
    for (size_t r = row_begin; r < row_end; ++r) y[r] = dot_row(w, r, x, 0);
}

void matmul(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
            float* y, size_t ldy, std::byte*) {
    for (size_t t = 0; t < x.n_tokens; ++t) {
        for (size_t r = row_begin; r < row_end; ++r) y[t * ldy + r] = dot_row(w, r, x, t);
    }
}

size_t matmul_scratch_bytes(Dtype, size_t) {
    return 0;
}

void matvec_rows(const MatrixView& w, const uint32_t* rows, size_t n, const ActivationView& x,
                 float* y) {
    for (size_t j = 0; j < n; ++j) y[j] = dot_row(w, rows[j], x, 0);
}

void accumulate_row(const MatrixView& w, size_t row, float factor, float* y) {
    const bool quantized =
        visit_blocks(w.dtype, w.row(row), [&]<typename Block>(const Block* blocks) {
            constexpr size_t kPerBlock = Block::kElements / kQ8Block;
            for (size_t s = 0; s < w.cols / kQ8Block; ++s) {
                Weights32 v;
                unpack(blocks[s / kPerBlock], s % kPerBlock, v);
                for (size_t i = 0; i < kQ8Block; ++i) {
                    y[s * kQ8Block + i] +=
                        factor * (v.scale[i / 16] * static_cast<float>(v.q[i]) + v.offset);
                }
            }
        });
    if (quantized) return;
    for (size_t i = 0; i < w.cols; ++i) y[i] += factor * element(w.dtype, w.row(row), i);
}

void accumulate_rows(const MatrixView& w, const uint32_t* rows, const float* factor, size_t n,
                     float* y) {
    for (size_t j = 0; j < n; ++j) accumulate_row(w, rows[j], factor[j], y);
}

// --- activations -----------------------------------------------------------------------------

void quantize_block(const float* x, int8_t* q, float& scale, int16_t* sum, float& scaled_sum) {
    float max = 0.0f;
    bool finite = true;
    for (size_t i = 0; i < kQ8Block; ++i) {
        finite = finite && std::isfinite(x[i]);
        max = std::max(max, std::fabs(x[i]));
    }
    if (!finite || max < kQ8Tiny) {
        std::fill_n(q, kQ8Block, int8_t{0});
        std::fill_n(sum, kQ8Block / kQ8SumBlock, int16_t{0});
        scale = scaled_sum = finite ? 0.0f : std::numeric_limits<float>::quiet_NaN();
        return;
    }
    const float inverse = 127.0f / max;
    for (size_t i = 0; i < kQ8Block; ++i) q[i] = static_cast<int8_t>(std::lrintf(x[i] * inverse));
    int total = 0;
    for (size_t i = 0; i < kQ8Block / kQ8SumBlock; ++i) {
        int part = 0;
        for (size_t j = 0; j < kQ8SumBlock; ++j) part += q[i * kQ8SumBlock + j];
        sum[i] = static_cast<int16_t>(part);
        total += part;
    }
    scale = max / 127.0f;
    scaled_sum = scale * static_cast<float>(total);
}

void quantize_rows(const float* x, size_t ldx, size_t first_row, size_t n_rows, Q8Rows& out) {
    for (size_t r = 0; r < n_rows; ++r) {
        const size_t row = first_row + r;
        for (size_t b = 0; b < out.cols() / kQ8Block; ++b) {
            quantize_block(x + r * ldx + b * kQ8Block, out.q(row) + b * kQ8Block, out.scale(row)[b],
                           out.sum(row) + b * (kQ8Block / kQ8SumBlock), out.scaled_sum(row)[b]);
        }
    }
}

void rms_norm(const float* x, const float* weight, float eps, float* out, size_t n) {
    double squares = 0.0;
    for (size_t i = 0; i < n; ++i) squares += static_cast<double>(x[i]) * x[i];
    const double mean = squares / static_cast<double>(n);
    const float inverse = static_cast<float>(1.0 / std::sqrt(mean + static_cast<double>(eps)));
    for (size_t i = 0; i < n; ++i) out[i] = x[i] * inverse * weight[i];
}

void silu_mul(const float* gate, const float* up, float* out, size_t n) {
    for (size_t i = 0; i < n; ++i) out[i] = gate[i] / (1.0f + std::exp(-gate[i])) * up[i];
}

// A NaN stays a NaN: std::max would hide it.
float relu(float x) {
    return x < 0.0f ? 0.0f : x;
}

void relu_mul(const float* gate, const float* up, float* out, size_t n) {
    for (size_t i = 0; i < n; ++i) out[i] = relu(gate[i]) * up[i];
}

void drelu_mul(const float* gate, const float* up, float* out, size_t n) {
    for (size_t i = 0; i < n; ++i) out[i] = relu(gate[i]) * relu(up[i]);
}

void add(const float* x, float* accumulate, size_t n) {
    for (size_t i = 0; i < n; ++i) accumulate[i] += x[i];
}

void axpy(float a, const float* x, float* y, size_t n) {
    for (size_t i = 0; i < n; ++i) y[i] += a * x[i];
}

void softmax(float* x, size_t n) {
    if (n == 0) return;
    const float max = *std::max_element(x, x + n);
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) sum += x[i] = std::exp(x[i] - max);
    const float inverse = static_cast<float>(1.0 / sum);
    for (size_t i = 0; i < n; ++i) x[i] *= inverse;
}

void to_f16(const float* x, uint16_t* out, size_t n) {
    for (size_t i = 0; i < n; ++i) out[i] = f32_to_f16(x[i]);
}

uint64_t fold(const std::byte* data, size_t bytes) {
    constexpr size_t kWords = kCacheLine / sizeof(uint64_t);
    uint64_t sums[kWords] = {};
    for (size_t i = 0; i + kCacheLine <= bytes; i += kCacheLine) {
        for (size_t j = 0; j < kWords; ++j) {
            sums[j] ^= load_unaligned<uint64_t>(data + i + j * sizeof(uint64_t));
        }
    }
    uint64_t folded = 0;
    for (const uint64_t sum : sums) folded ^= sum;
    return folded;
}

// --- attention -------------------------------------------------------------------------------

void scores_f16(const float* q, size_t ld_q, size_t n_q, const uint16_t* k, size_t ld_k,
                size_t n_pos, size_t head_dim, float scale, float* out, size_t ld_out) {
    for (size_t p = 0; p < n_pos; ++p) {
        for (size_t i = 0; i < n_q; ++i) {
            double dot = 0.0;
            for (size_t d = 0; d < head_dim; ++d) {
                dot += static_cast<double>(q[i * ld_q + d]) * f16_to_f32(k[p * ld_k + d]);
            }
            out[i * ld_out + p] = static_cast<float>(dot) * scale;
        }
    }
}

void mix_f16(const float* weight, size_t ld_weight, size_t n_q, const uint16_t* v, size_t ld_v,
             size_t n_pos, size_t head_dim, float* out, size_t ld_out) {
    for (size_t p = 0; p < n_pos; ++p) {
        for (size_t i = 0; i < n_q; ++i) {
            const float w = weight[i * ld_weight + p];
            for (size_t d = 0; d < head_dim; ++d) {
                out[i * ld_out + d] += w * f16_to_f32(v[p * ld_v + d]);
            }
        }
    }
}

}  // namespace

void dequantize_row(Dtype dtype, const std::byte* row, float* out, size_t n) {
    const bool quantized = visit_blocks(dtype, row, [&]<typename Block>(const Block* blocks) {
        constexpr size_t kPerBlock = Block::kElements / kQ8Block;
        for (size_t s = 0; s < n / kQ8Block; ++s) {
            Weights32 w;
            unpack(blocks[s / kPerBlock], s % kPerBlock, w);
            for (size_t i = 0; i < kQ8Block; ++i) {
                out[s * kQ8Block + i] = w.scale[i / 16] * static_cast<float>(w.q[i]) + w.offset;
            }
        }
    });
    if (quantized) return;
    for (size_t i = 0; i < n; ++i) out[i] = element(dtype, row, i);
}

void gelu_mul(const float* gate, const float* up, float* out, size_t n) {
    constexpr float kSqrt2OverPi = 0.79788456080286535588f;
    for (size_t i = 0; i < n; ++i) {
        const float x = gate[i];
        const float inner = kSqrt2OverPi * (x + 0.044715f * x * x * x);
        out[i] = 0.5f * x * (1.0f + std::tanh(inner)) * up[i];
    }
}

constinit const KernelTable kTable{
    .name = "scalar",
    .matvec = matvec,
    .matmul = matmul,
    .matmul_scratch_bytes = matmul_scratch_bytes,
    .matvec_rows = matvec_rows,
    .accumulate_rows = accumulate_rows,
    .quantize_rows = quantize_rows,
    .dequantize_row = dequantize_row,
    .rms_norm = rms_norm,
    .silu_mul = silu_mul,
    .gelu_mul = gelu_mul,
    .relu_mul = relu_mul,
    .drelu_mul = drelu_mul,
    .add = add,
    .axpy = axpy,
    .softmax = softmax,
    .to_f16 = to_f16,
    .fold = fold,
    .scores_f16 = scores_f16,
    .mix_f16 = mix_f16,
};

}  // namespace hearth::scalar
