// GEMM of F32, F16 and BF16 weights for AVX-512: a tile of 32 rows is converted to float once and
// multiplied with all tokens, eight at a time.
#include "engine/base/check.h"
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/avx512/floats.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

namespace {

constexpr size_t kTileRows = 32;
constexpr size_t kTileCols = 128;
constexpr size_t kTileTokens = 8;
static_assert(kTileRows == kMatmulRowTile);

// 32 rows x 128 columns, rows fastest: 16 KiB.
struct Tile {
    alignas(64) float w[kTileCols][kTileRows];
};

// Rows that are missing repeat the last one: their results are not stored.
template <typename Float>
static void convert_tile(const MatrixView& w, size_t row, size_t n_rows, size_t col, size_t n_cols,
                         Tile& tile) {
    for (size_t r = 0; r < kTileRows; ++r) {
        const std::byte* from = w.row(row + (r < n_rows ? r : n_rows - 1)) + col * Float::kBytes;
        for (size_t c = 0; c < n_cols; c += 16) {
            alignas(64) float values[16];
            const __mmask16 mask = first_lanes(n_cols - c);
            _mm512_store_ps(values, Float::load(from + c * Float::kBytes, mask));
            for (size_t i = 0; i < 16; ++i) tile.w[c + i][r] = values[i];
        }
    }
}

// y(tokens, rows) += tile x tokens, or = for the first columns.
template <int kTokens>
static void multiply(const Tile& tile, const float* x, size_t ldx, size_t n_cols, size_t n_rows,
                     bool first, float* y, size_t ldy) {
    const __mmask16 masks[2] = {first_lanes(n_rows), first_lanes(n_rows < 16 ? 0 : n_rows - 16)};
    __m512 sums[2][kTokens];
    for (int half = 0; half < 2; ++half) {
        for (int t = 0; t < kTokens; ++t) {
            const __mmask16 mask = first ? __mmask16{0} : masks[half];
            sums[half][t] =
                _mm512_maskz_loadu_ps(mask, y + static_cast<size_t>(t) * ldy + half * 16);
        }
    }
    for (size_t c = 0; c < n_cols; ++c) {
        const __m512 low = _mm512_load_ps(&tile.w[c][0]);
        const __m512 high = _mm512_load_ps(&tile.w[c][16]);
#pragma GCC unroll 8
        for (int t = 0; t < kTokens; ++t) {
            const __m512 one = _mm512_set1_ps(x[static_cast<size_t>(t) * ldx + c]);
            sums[0][t] = _mm512_fmadd_ps(low, one, sums[0][t]);
            sums[1][t] = _mm512_fmadd_ps(high, one, sums[1][t]);
        }
    }
    for (int half = 0; half < 2; ++half) {
        for (int t = 0; t < kTokens; ++t) {
            _mm512_mask_storeu_ps(y + static_cast<size_t>(t) * ldy + half * 16, masks[half],
                                  sums[half][t]);
        }
    }
}

static void multiply_tokens(const Tile& tile, size_t n_tokens, const float* x, size_t ldx,
                            size_t n_cols, size_t n_rows, bool first, float* y, size_t ldy) {
    switch (n_tokens) {
        case 1:
            return multiply<1>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
        case 2:
            return multiply<2>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
        case 3:
            return multiply<3>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
        case 4:
            return multiply<4>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
        case 5:
            return multiply<5>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
        case 6:
            return multiply<6>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
        case 7:
            return multiply<7>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
        default:
            return multiply<8>(tile, x, ldx, n_cols, n_rows, first, y, ldy);
    }
}

template <typename Float>
static void matmul_type(const MatrixView& w, size_t row_begin, size_t row_end,
                        const ActivationView& x, float* y, size_t ldy, Tile& tile) {
    for (size_t row = row_begin; row < row_end; row += kTileRows) {
        const size_t n_rows = row_end - row < kTileRows ? row_end - row : kTileRows;
        for (size_t col = 0; col < w.cols; col += kTileCols) {
            const size_t n_cols = w.cols - col < kTileCols ? w.cols - col : kTileCols;
            convert_tile<Float>(w, row, n_rows, col, n_cols, tile);
            for (size_t token = 0; token < x.n_tokens; token += kTileTokens) {
                const size_t left = x.n_tokens - token;
                const size_t n_tokens = left < kTileTokens ? left : kTileTokens;
                multiply_tokens(tile, n_tokens, x.f32 + token * x.cols + col, x.cols, n_cols,
                                n_rows, col == 0, y + token * ldy + row, ldy);
            }
        }
    }
}

}  // namespace

size_t matmul_floats_scratch_bytes() {
    return sizeof(Tile);
}

void matmul_floats(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
                   float* y, size_t ldy, std::byte* scratch) {
    Tile& tile = *reinterpret_cast<Tile*>(scratch);
    switch (w.dtype) {
        case Dtype::f32:
            return matmul_type<F32>(w, row_begin, row_end, x, y, ldy, tile);
        case Dtype::f16:
            return matmul_type<F16>(w, row_begin, row_end, x, y, ldy, tile);
        case Dtype::bf16:
            return matmul_type<Bf16>(w, row_begin, row_end, x, y, ldy, tile);
        default:
            HEARTH_CHECK(false && "not a float dtype");
    }
}

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
