// GEMM of quantized weights: prefill.
//
// Compiled once per instruction set: included by <isa>/matmul.cpp inside its namespace and target
// region, which gives Vec, Ints, kTileTokens, ChunkRows, load_chunk(), transpose_quants() and
// dot_span(). No include guard and no includes here.
//
// A tile of 32 rows and 512 columns is unpacked once into scratch (22 KiB: it stays in the first
// cache) and multiplied with all tokens, kTileTokens at a time and two vectors of rows, whose
// integer and float sums stay in registers. Every 16 or 32 columns the integers become floats,
// scaled by both sides. The bias of unsigned weights costs nothing: it is what the integer sums
// start from. Each result is summed over columns in one order, whatever the number of tokens.

// 32 rows x 512 columns of weights, rows fastest.
struct Tile {
    alignas(64) uint8_t q[kTileCols / 4][kTileRows][4];  // four columns of a row together
    alignas(64) float scale[kTileCols / 16][kTileRows];  // one per span: half used for 32
    alignas(64) float min[kTileCols / 32][kTileRows];    // only for types that have one
};

// --- unpacking -------------------------------------------------------------------------------

// Chunk c of the columns of the tile, rows [first_row, first_row + width).
template <typename Block>
static inline void put_rows(const ChunkRows& rows, size_t c, size_t first_row, Tile& tile) {
    transpose_quants(rows, tile.q + c * (kChunk / 4), first_row);
    constexpr size_t kSpans = kChunk / Block::kSpan;
    for (size_t s = 0; s < kSpans; ++s) {
        for (size_t r = 0; r < Vec::kWidth; ++r) {
            tile.scale[c * kSpans + s][first_row + r] = rows.scale[r][s];
        }
    }
    if constexpr (!Block::kHasMin) return;
    for (size_t s = 0; s < kChunk / 32; ++s) {
        for (size_t r = 0; r < Vec::kWidth; ++r) {
            tile.min[c * (kChunk / 32) + s][first_row + r] = rows.min[r][s];
        }
    }
}

// Rows [row, row + n_rows) and columns [col, col + n_cols) into the tile. Rows that are missing
// repeat the last one: their results are not stored.
template <typename Block>
static void unpack_tile(const MatrixView& w, size_t row, size_t n_rows, size_t col, size_t n_cols,
                        Tile& tile) {
    for (size_t first = 0; first < n_rows; first += Vec::kWidth) {
        for (size_t c = 0; c * kChunk < n_cols; ++c) {
            ChunkRows rows;
            const size_t first_block = (col + c * kChunk) / Block::kElements;
            const size_t n_blocks = (n_cols - c * kChunk) / Block::kElements;
            for (size_t r = 0; r < Vec::kWidth; ++r) {
                const size_t from = row + (first + r < n_rows ? first + r : n_rows - 1);
                const auto* blocks = reinterpret_cast<const Block*>(w.row(from)) + first_block;
                if (n_blocks >= kChunkBlocks<Block>) {
                    rows.put(r, load_chunk(blocks));
                } else {
                    rows.put(r, load_chunk(PaddedChunk<Block>(blocks, n_blocks).blocks));
                }
            }
            put_rows<Block>(rows, c, first, tile);
        }
    }
}

// --- multiplying -----------------------------------------------------------------------------

// The activations of a few tokens in the columns of a tile.
struct TokenTile {
    const int8_t* q[kTileTokens];
    const float* scale[kTileTokens];
    const float* scaled_sum[kTileTokens];
    int32_t bias[kTileTokens][kTileCols / kQ8SumBlock];  // -kBias * sum of the span's quants
};

template <typename Block>
static inline void load_tokens(const Q8Rows& x, size_t token, size_t n_tokens, size_t col,
                               size_t n_cols, TokenTile& out) {
    for (size_t t = 0; t < n_tokens; ++t) {
        out.q[t] = x.q(token + t) + col;
        out.scale[t] = x.scale(token + t) + col / kQ8Block;
        out.scaled_sum[t] = x.scaled_sum(token + t) + col / kQ8Block;
        if constexpr (kBias<Block> == 0) continue;
        const int16_t* sums = x.sum(token + t) + col / kQ8SumBlock;
        for (size_t s = 0; s < n_cols / Block::kSpan; ++s) {
            const int sum = Block::kSpan == 16 ? sums[s] : sums[2 * s] + sums[2 * s + 1];
            out.bias[t][s] = -kBias<Block> * sum;
        }
    }
}

// Adds the columns of one span: integer dot products, then both scales.
template <typename Block, size_t kTokens>
static inline __attribute__((always_inline)) void add_span(const Tile& tile, size_t first_row,
                                                           const TokenTile& x, size_t span,
                                                           Vec (&sums)[2][kTokens]) {
    Ints dots[2][kTokens];
#pragma GCC unroll 8
    for (size_t t = 0; t < kTokens; ++t) {
        dots[0][t] = dots[1][t] = Ints::all(kBias<Block> == 0 ? 0 : x.bias[t][span]);
    }
    constexpr size_t kGroups = Block::kSpan / 4;
    dot_span<Block>(tile.q + span * kGroups, first_row, x.q, span * Block::kSpan, dots);
    const size_t block = span * Block::kSpan / kQ8Block;
#pragma GCC unroll 2
    for (size_t half = 0; half < 2; ++half) {
        const size_t row = first_row + half * Vec::kWidth;
        const Vec scale = Vec::load(&tile.scale[span][row]);
#pragma GCC unroll 8
        for (size_t t = 0; t < kTokens; ++t) {
            const Vec both = scale * Vec::all(x.scale[t][block]);
            sums[half][t] = fma(to_float(dots[half][t]), both, sums[half][t]);
        }
        if constexpr (Block::kHasMin) {
            const Vec min = Vec::load(&tile.min[block][row]);
#pragma GCC unroll 8
            for (size_t t = 0; t < kTokens; ++t) {
                const Vec x_sum = Vec::all(x.scaled_sum[t][block]);
                sums[half][t] = negative_fma(min, x_sum, sums[half][t]);
            }
        }
    }
}

// y(tokens, rows) += tile x tokens, or = for the first columns: two vectors of rows from first_row
// of the tile, of which n_rows exist. y points at the first of them.
template <typename Block, size_t kTokens>
static void multiply(const Tile& tile, size_t first_row, const TokenTile& x, size_t n_cols,
                     size_t n_rows, bool first, float* y, size_t ldy) {
    const size_t n[2] = {n_rows, n_rows < Vec::kWidth ? 0 : n_rows - Vec::kWidth};
    Vec sums[2][kTokens];
    for (size_t half = 0; half < 2; ++half) {
        for (size_t t = 0; t < kTokens; ++t) {
            sums[half][t] =
                first ? Vec::zero() : Vec::load_first(y + t * ldy + half * Vec::kWidth, n[half]);
        }
    }
    for (size_t span = 0; span < n_cols / Block::kSpan; ++span) {
        add_span<Block, kTokens>(tile, first_row, x, span, sums);
    }
    for (size_t half = 0; half < 2; ++half) {
        for (size_t t = 0; t < kTokens; ++t) {
            sums[half][t].store_first(y + t * ldy + half * Vec::kWidth, n[half]);
        }
    }
}

// The same for the n_tokens that there are, at most kTokens.
template <typename Block, size_t kTokens>
static void multiply_tokens(size_t n_tokens, const Tile& tile, const TokenTile& x, size_t n_cols,
                            size_t n_rows, bool first, float* y, size_t ldy) {
    if constexpr (kTokens > 1) {
        if (n_tokens < kTokens) {
            return multiply_tokens<Block, kTokens - 1>(n_tokens, tile, x, n_cols, n_rows, first, y,
                                                       ldy);
        }
    }
    for (size_t row = 0; row < n_rows; row += 2 * Vec::kWidth) {
        multiply<Block, kTokens>(tile, row, x, n_cols, n_rows - row, first, y + row, ldy);
    }
}

template <typename Block>
static void matmul_blocks(const MatrixView& w, size_t row_begin, size_t row_end,
                          const ActivationView& x, float* y, size_t ldy, std::byte* scratch) {
    Tile& tile = *reinterpret_cast<Tile*>(scratch);
    for (size_t row = row_begin; row < row_end; row += kTileRows) {
        const size_t n_rows = row_end - row < kTileRows ? row_end - row : kTileRows;
        for (size_t col = 0; col < w.cols; col += kTileCols) {
            const size_t n_cols = w.cols - col < kTileCols ? w.cols - col : kTileCols;
            unpack_tile<Block>(w, row, n_rows, col, n_cols, tile);
            for (size_t token = 0; token < x.n_tokens; token += kTileTokens) {
                const size_t left = x.n_tokens - token;
                const size_t n_tokens = left < kTileTokens ? left : kTileTokens;
                TokenTile tokens;
                load_tokens<Block>(*x.q8, token, n_tokens, col, n_cols, tokens);
                multiply_tokens<Block, kTileTokens>(n_tokens, tile, tokens, n_cols, n_rows,
                                                    col == 0, y + token * ldy + row, ldy);
            }
        }
    }
}
