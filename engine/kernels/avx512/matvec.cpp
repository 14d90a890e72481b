// Mat-vec for AVX-512: by far the most of decode's time is spent in dot_row().
//
// A row is one sequential stream: several rows at a time would mean several streams per thread,
// which the memory system serves more slowly (measured-here: 34 GB/s with one, 20 with two).
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/avx512/floats.h"
#include "engine/kernels/avx512/unpack.h"
#include "engine/kernels/weights32.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

namespace {

// How far ahead of the loads a matrix is fetched. Picked rows fetch the next picked row instead, at
// the place where they are themselves.
constexpr ptrdiff_t kPrefetchBytes = 2048;

// One row of activations; `tail` holds what follows the last whole chunk, filled up with zeroes.
struct Activations {
    const int8_t* q;
    const float* scale;
    const float* scaled_sum;
    const int16_t* sum;
};

struct PaddedActivations {
    alignas(64) int8_t q[kChunk];
    alignas(64) float scale[kChunk / kQ8Block];
    alignas(64) float scaled_sum[kChunk / kQ8Block];

    PaddedActivations(const Q8Rows& x, size_t begin, size_t n) {
        std::memset(static_cast<void*>(this), 0, sizeof *this);
        std::memcpy(q, x.q(0) + begin, n);
        std::memcpy(scale, x.scale(0) + begin / kQ8Block, n / kQ8Block * sizeof *scale);
        std::memcpy(scaled_sum, x.scaled_sum(0) + begin / kQ8Block,
                    n / kQ8Block * sizeof *scaled_sum);
    }
};

// What a row has summed so far: value = sum of product - bias * sum of offset.
struct Sums {
    __m512 product[4] = {};
    __m512 offset = {};
};

// Lane l of result i = table[(64 * i + 4 * l) / span]: the scale of the four quants that
// vpdpbusd adds up in lane l.
template <size_t kSpan>
static inline __m512 spread(__m512 table, int i) {
    const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i first = _mm512_srli_epi32(lane, kSpan == 32 ? 3 : 2);
    constexpr int kPerVector = 64 / kSpan;
    return _mm512_permutexvar_ps(_mm512_add_epi32(first, _mm512_set1_epi32(i * kPerVector)), table);
}

template <typename Block>
static inline void add_chunk(const Chunk& w, const Activations& x, Sums& sums) {
    __m512 scale;
    if constexpr (Block::kSpan == 16) {
        const __m512i pairs = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
        const __m512 x_scale =
            _mm512_permutexvar_ps(pairs, _mm512_castps256_ps512(_mm256_loadu_ps(x.scale)));
        scale = _mm512_mul_ps(w.scale, x_scale);
        const __m512i sum =
            _mm512_cvtepi16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(x.sum)));
        sums.offset = _mm512_fmadd_ps(scale, _mm512_cvtepi32_ps(sum), sums.offset);
    } else {
        const __m256 w_scale = _mm512_castps512_ps256(w.scale);
        scale = _mm512_castps256_ps512(_mm256_mul_ps(w_scale, _mm256_loadu_ps(x.scale)));
        const __m256 factor = Block::kHasMin ? w.min : w_scale;
        sums.offset = _mm512_castps256_ps512(_mm256_fmadd_ps(factor, _mm256_loadu_ps(x.scaled_sum),
                                                             _mm512_castps512_ps256(sums.offset)));
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        const __m512i dots =
            _mm512_dpbusd_epi32(_mm512_setzero_si512(), w.q[i], _mm512_loadu_si512(x.q + 64 * i));
        sums.product[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), spread<Block::kSpan>(scale, i),
                                          sums.product[i]);
    }
}

template <typename Block>
static inline float total(const Sums& sums) {
    const __m512 product = _mm512_add_ps(_mm512_add_ps(sums.product[0], sums.product[1]),
                                         _mm512_add_ps(sums.product[2], sums.product[3]));
    const float offset =
        Block::kSpan == 16
            ? _mm512_reduce_add_ps(sums.offset)
            : _mm512_reduce_add_ps(_mm512_zextps256_ps512(_mm512_castps512_ps256(sums.offset)));
    const float weight = Block::kHasMin ? 1.0f : static_cast<float>(Block::kBias);
    return _mm512_reduce_add_ps(product) - weight * offset;
}

template <typename Block>
static inline void prefetch_chunk(const Block* b, ptrdiff_t ahead) {
    const auto* bytes = reinterpret_cast<const char*>(b) + ahead;
    constexpr size_t kBytes = kChunkBlocks<Block> * sizeof(Block);
    for (size_t at = 0; at < kBytes; at += 64) _mm_prefetch(bytes + at, _MM_HINT_T0);
}

template <typename Block>
static inline float dot_row(const Block* b, const Q8Rows& x, size_t n,
                            const PaddedActivations& tail, ptrdiff_t ahead) {
    Sums sums;
    size_t i = 0;
    for (; i + kChunk <= n; i += kChunk, b += kChunkBlocks<Block>) {
        prefetch_chunk(b, ahead);
        const Activations at{x.q(0) + i, x.scale(0) + i / kQ8Block, x.scaled_sum(0) + i / kQ8Block,
                             x.sum(0) + i / kQ8SumBlock};
        add_chunk<Block>(load_chunk(b), at, sums);
    }
    if constexpr (Block::kElements < kChunk) {
        if (i < n) {
            const PaddedChunk<Block> padded(b, (n - i) / Block::kElements);
            add_chunk<Block>(load_chunk(padded.blocks),
                             {tail.q, tail.scale, tail.scaled_sum, nullptr}, sums);
        }
    }
    return total<Block>(sums);
}

template <typename Block>
static void matvec_blocks(const MatrixView& w, size_t row_begin, size_t row_end, const Q8Rows& x,
                          float* y) {
    const PaddedActivations tail(x, w.cols / kChunk * kChunk, w.cols % kChunk);
    for (size_t r = row_begin; r < row_end; ++r) {
        y[r] = dot_row(reinterpret_cast<const Block*>(w.row(r)), x, w.cols, tail, kPrefetchBytes);
    }
}

// The distance from row j to the next picked one; the last fetches itself again.
static inline ptrdiff_t next_row(const MatrixView& w, const uint32_t* rows, size_t j, size_t n) {
    if (j + 1 == n) return 0;
    return static_cast<ptrdiff_t>(w.stride_bytes) *
           (static_cast<ptrdiff_t>(rows[j + 1]) - static_cast<ptrdiff_t>(rows[j]));
}

template <typename Block>
static void matvec_rows_blocks(const MatrixView& w, const uint32_t* rows, size_t n, const Q8Rows& x,
                               float* y) {
    const PaddedActivations tail(x, w.cols / kChunk * kChunk, w.cols % kChunk);
    for (size_t j = 0; j < n; ++j) {
        y[j] = dot_row(reinterpret_cast<const Block*>(w.row(rows[j])), x, w.cols, tail,
                       next_row(w, rows, j, n));
    }
}

// --- float weights ---------------------------------------------------------------------------

template <typename Float>
static inline float dot_floats(const std::byte* row, const float* x, size_t n, ptrdiff_t ahead) {
    __m512 sums[4] = {};
    size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        for (size_t j = 0; j < 64 * Float::kBytes; j += 64) {
            _mm_prefetch(reinterpret_cast<const char*>(row + i * Float::kBytes + j) + ahead,
                         _MM_HINT_T0);
        }
#pragma GCC unroll 4
        for (size_t j = 0; j < 4; ++j) {
            const __m512 w = Float::load(row + (i + 16 * j) * Float::kBytes, 0xffff);
            sums[j] = _mm512_fmadd_ps(w, _mm512_loadu_ps(x + i + 16 * j), sums[j]);
        }
    }
    for (; i < n; i += 16) {
        const auto mask = first_lanes(n - i);
        const __m512 w = Float::load(row + i * Float::kBytes, mask);
        sums[0] = _mm512_fmadd_ps(w, _mm512_maskz_loadu_ps(mask, x + i), sums[0]);
    }
    return _mm512_reduce_add_ps(
        _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
}

template <typename Float>
static void matvec_floats(const MatrixView& w, size_t row_begin, size_t row_end, const float* x,
                          float* y) {
    for (size_t r = row_begin; r < row_end; ++r) {
        y[r] = dot_floats<Float>(w.row(r), x, w.cols, kPrefetchBytes);
    }
}

template <typename Float>
static void matvec_rows_floats(const MatrixView& w, const uint32_t* rows, size_t n, const float* x,
                               float* y) {
    for (size_t j = 0; j < n; ++j) {
        y[j] = dot_floats<Float>(w.row(rows[j]), x, w.cols, next_row(w, rows, j, n));
    }
}

}  // namespace

void matvec(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
            float* y) {
    switch (w.dtype) {
        case Dtype::f32:
            return matvec_floats<F32>(w, row_begin, row_end, x.f32, y);
        case Dtype::f16:
            return matvec_floats<F16>(w, row_begin, row_end, x.f32, y);
        case Dtype::bf16:
            return matvec_floats<Bf16>(w, row_begin, row_end, x.f32, y);
        case Dtype::q4_0:
            return matvec_blocks<BlockQ4_0>(w, row_begin, row_end, *x.q8, y);
        case Dtype::q5_0:
            return matvec_blocks<BlockQ5_0>(w, row_begin, row_end, *x.q8, y);
        case Dtype::q8_0:
            return matvec_blocks<BlockQ8_0>(w, row_begin, row_end, *x.q8, y);
        case Dtype::q4_k:
            return matvec_blocks<BlockQ4_K>(w, row_begin, row_end, *x.q8, y);
        case Dtype::q5_k:
            return matvec_blocks<BlockQ5_K>(w, row_begin, row_end, *x.q8, y);
        case Dtype::q6_k:
            return matvec_blocks<BlockQ6_K>(w, row_begin, row_end, *x.q8, y);
        default:
            HEARTH_CHECK(false && "not a computable dtype");
    }
}

void matvec_rows(const MatrixView& w, const uint32_t* rows, size_t n, const ActivationView& x,
                 float* y) {
    switch (w.dtype) {
        case Dtype::f32:
            return matvec_rows_floats<F32>(w, rows, n, x.f32, y);
        case Dtype::f16:
            return matvec_rows_floats<F16>(w, rows, n, x.f32, y);
        case Dtype::bf16:
            return matvec_rows_floats<Bf16>(w, rows, n, x.f32, y);
        case Dtype::q4_0:
            return matvec_rows_blocks<BlockQ4_0>(w, rows, n, *x.q8, y);
        case Dtype::q5_0:
            return matvec_rows_blocks<BlockQ5_0>(w, rows, n, *x.q8, y);
        case Dtype::q8_0:
            return matvec_rows_blocks<BlockQ8_0>(w, rows, n, *x.q8, y);
        case Dtype::q4_k:
            return matvec_rows_blocks<BlockQ4_K>(w, rows, n, *x.q8, y);
        case Dtype::q5_k:
            return matvec_rows_blocks<BlockQ5_K>(w, rows, n, *x.q8, y);
        case Dtype::q6_k:
            return matvec_rows_blocks<BlockQ6_K>(w, rows, n, *x.q8, y);
        default:
            HEARTH_CHECK(false && "not a computable dtype");
    }
}

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
