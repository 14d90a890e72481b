// GEMM of F32, F16 and BF16 weights: a tile of 32 rows is converted to float once and multiplied
// with all tokens, kFloatTokens at a time and two vectors of rows, whose sums stay in registers.
//
// Compiled once per instruction set: included by <isa>/matmul.cpp inside its namespace and target
// region, which gives Vec and kFloatTokens. No include guard and no includes here.

constexpr size_t kFloatCols = 128;

// 32 rows x 128 columns, rows fastest: 16 KiB.
struct FloatTile {
    alignas(64) float w[kFloatCols][kTileRows];
};

// Rows that are missing repeat the last one: their results are not stored.
template <typename Float>
static void convert_tile(const MatrixView& w, size_t row, size_t n_rows, size_t col, size_t n_cols,
                         FloatTile& tile) {
    for (size_t r = 0; r < kTileRows; ++r) {
        const std::byte* from = w.row(row + (r < n_rows ? r : n_rows - 1)) + col * Float::kBytes;
        for (size_t c = 0; c < n_cols; c += Vec::kWidth) {
            alignas(64) float values[Vec::kWidth];
            Float::load_first(from + c * Float::kBytes, n_cols - c).store(values);
            for (size_t i = 0; i < Vec::kWidth; ++i) tile.w[c + i][r] = values[i];
        }
    }
}

// y(tokens, rows) += tile x tokens, or = for the first columns: two vectors of rows from first_row
// of the tile, of which n_rows exist. y points at the first of them.
template <size_t kTokens>
static void multiply_floats(const FloatTile& tile, size_t first_row, const float* x, size_t ldx,
                            size_t n_cols, size_t n_rows, bool first, float* y, size_t ldy) {
    const size_t n[2] = {n_rows, n_rows < Vec::kWidth ? 0 : n_rows - Vec::kWidth};
    Vec sums[2][kTokens];
    for (size_t half = 0; half < 2; ++half) {
        for (size_t t = 0; t < kTokens; ++t) {
            sums[half][t] =
                first ? Vec::zero() : Vec::load_first(y + t * ldy + half * Vec::kWidth, n[half]);
        }
    }
    for (size_t c = 0; c < n_cols; ++c) {
        const Vec low = Vec::load(&tile.w[c][first_row]);
        const Vec high = Vec::load(&tile.w[c][first_row + Vec::kWidth]);
#pragma GCC unroll 8
        for (size_t t = 0; t < kTokens; ++t) {
            const Vec one = Vec::all(x[t * ldx + c]);
            sums[0][t] = fma(low, one, sums[0][t]);
            sums[1][t] = fma(high, one, sums[1][t]);
        }
    }
    for (size_t half = 0; half < 2; ++half) {
        for (size_t t = 0; t < kTokens; ++t) {
            sums[half][t].store_first(y + t * ldy + half * Vec::kWidth, n[half]);
        }
    }
}

// The same for the n_tokens that there are, at most kTokens.
template <size_t kTokens>
static void multiply_float_tokens(size_t n_tokens, const FloatTile& tile, const float* x,
                                  size_t ldx, size_t n_cols, size_t n_rows, bool first, float* y,
                                  size_t ldy) {
    if constexpr (kTokens > 1) {
        if (n_tokens < kTokens) {
            return multiply_float_tokens<kTokens - 1>(n_tokens, tile, x, ldx, n_cols, n_rows, first,
                                                      y, ldy);
        }
    }
    for (size_t row = 0; row < n_rows; row += 2 * Vec::kWidth) {
        multiply_floats<kTokens>(tile, row, x, ldx, n_cols, n_rows - row, first, y + row, ldy);
    }
}

template <typename Float>
static void matmul_floats(const MatrixView& w, size_t row_begin, size_t row_end,
                          const ActivationView& x, float* y, size_t ldy, std::byte* scratch) {
    FloatTile& tile = *reinterpret_cast<FloatTile*>(scratch);
    for (size_t row = row_begin; row < row_end; row += kTileRows) {
        const size_t n_rows = row_end - row < kTileRows ? row_end - row : kTileRows;
        for (size_t col = 0; col < w.cols; col += kFloatCols) {
            const size_t n_cols = w.cols - col < kFloatCols ? w.cols - col : kFloatCols;
            convert_tile<Float>(w, row, n_rows, col, n_cols, tile);
            for (size_t token = 0; token < x.n_tokens; token += kFloatTokens) {
                const size_t left = x.n_tokens - token;
                const size_t n_tokens = left < kFloatTokens ? left : kFloatTokens;
                multiply_float_tokens<kFloatTokens>(n_tokens, tile, x.f32 + token * x.cols + col,
                                                    x.cols, n_cols, n_rows, col == 0,
                                                    y + token * ldy + row, ldy);
            }
        }
    }
}
