// GEMM of quantized weights for AVX-512: prefill.
//
// A tile of 32 rows and 512 columns is unpacked once into scratch (22 KiB: it stays in the first
// cache) and multiplied with all tokens, six at a time: 2 x 6 integer and 2 x 6 float accumulators
// fill the register file. Every 32 columns the integers become floats, scaled by both sides. The
// offset of unsigned weights costs nothing: it is what the integer accumulators start from.
//
// Each result is summed over columns in one order, whatever the number of tokens.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/avx512/floats.h"
#include "engine/kernels/avx512/unpack.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

namespace {

constexpr size_t kTileRows = 32;  // two vectors of rows
constexpr size_t kTileCols = 512;
constexpr size_t kTileTokens = 6;
static_assert(kTileRows == kMatmulRowTile);

// 32 rows x 512 columns of weights, rows fastest.
struct Tile {
    alignas(64) uint8_t q[kTileCols / 4][kTileRows][4];  // four columns of a row together
    alignas(64) float scale[kTileCols / 16][kTileRows];  // one per span: half used for 32
    alignas(64) float min[kTileCols / 32][kTileRows];    // only for types that have one
};

// --- unpacking -------------------------------------------------------------------------------

// Sixteen rows of 16 words become 16 columns: out[c] = word c of rows 0..15.
static inline void transpose(const __m512i (&in)[16], __m512i (&out)[16]) {
    __m512i a[16];
    for (size_t i = 0; i < 16; i += 2) {
        a[i] = _mm512_unpacklo_epi32(in[i], in[i + 1]);
        a[i + 1] = _mm512_unpackhi_epi32(in[i], in[i + 1]);
    }
    __m512i b[16];  // b[4 g + c]: in lane l, word 4 l + c of rows 4 g .. 4 g + 3
    for (size_t g = 0; g < 16; g += 4) {
        b[g] = _mm512_unpacklo_epi64(a[g], a[g + 2]);
        b[g + 1] = _mm512_unpackhi_epi64(a[g], a[g + 2]);
        b[g + 2] = _mm512_unpacklo_epi64(a[g + 1], a[g + 3]);
        b[g + 3] = _mm512_unpackhi_epi64(a[g + 1], a[g + 3]);
    }
    for (size_t c = 0; c < 4; ++c) {  // transpose the 4 x 4 lanes of b[c], b[4 + c], ...
        const __m512i even_low = _mm512_shuffle_i32x4(b[c], b[4 + c], 0x88);
        const __m512i odd_low = _mm512_shuffle_i32x4(b[c], b[4 + c], 0xdd);
        const __m512i even_high = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0x88);
        const __m512i odd_high = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0xdd);
        out[c] = _mm512_shuffle_i32x4(even_low, even_high, 0x88);
        out[4 + c] = _mm512_shuffle_i32x4(odd_low, odd_high, 0x88);
        out[8 + c] = _mm512_shuffle_i32x4(even_low, even_high, 0xdd);
        out[12 + c] = _mm512_shuffle_i32x4(odd_low, odd_high, 0xdd);
    }
}

// Unpacked chunks of sixteen rows, before they are transposed.
struct Rows16 {
    __m512i q[4][16];
    alignas(64) float scale[16][16];
    alignas(64) float min[16][8];
};

template <typename Block>
static inline void store_chunk(const Chunk& chunk, size_t r, Rows16& rows) {
    for (size_t i = 0; i < 4; ++i) rows.q[i][r] = chunk.q[i];
    _mm512_store_ps(rows.scale[r], chunk.scale);
    if constexpr (Block::kHasMin) _mm256_store_ps(rows.min[r], chunk.min);
}

// Columns [256 * c, 256 * c + 256) of the tile for its rows [16 * half, 16 * half + 16).
template <typename Block>
static inline void transpose_rows(const Rows16& rows, size_t c, size_t half, Tile& tile) {
    for (size_t i = 0; i < 4; ++i) {
        __m512i columns[16];
        transpose(rows.q[i], columns);
        for (size_t g = 0; g < 16; ++g) {
            _mm512_store_si512(tile.q[c * 64 + i * 16 + g][half * 16], columns[g]);
        }
    }
    constexpr size_t kSpans = kChunk / Block::kSpan;
    for (size_t r = 0; r < 16; ++r) {
        for (size_t s = 0; s < kSpans; ++s) {
            tile.scale[c * kSpans + s][half * 16 + r] = rows.scale[r][s];
        }
        if constexpr (Block::kHasMin) {
            for (size_t s = 0; s < 8; ++s) tile.min[c * 8 + s][half * 16 + r] = rows.min[r][s];
        }
    }
}

// Rows [row, row + n_rows) and columns [col, col + n_cols) into the tile. Rows that are missing
// repeat the last one: their results are not stored.
template <typename Block>
static void unpack_tile(const MatrixView& w, size_t row, size_t n_rows, size_t col, size_t n_cols,
                        Tile& tile) {
    for (size_t half = 0; half < 2 && half * 16 < n_rows; ++half) {
        for (size_t c = 0; c * kChunk < n_cols; ++c) {
            Rows16 rows;
            const size_t first_block = (col + c * kChunk) / Block::kElements;
            const size_t n_blocks = (n_cols - c * kChunk) / Block::kElements;
            for (size_t r = 0; r < 16; ++r) {
                const size_t in_tile = half * 16 + r < n_rows ? half * 16 + r : n_rows - 1;
                const auto* blocks = reinterpret_cast<const Block*>(w.row(row + in_tile));
                if (n_blocks >= kChunkBlocks<Block>) {
                    store_chunk<Block>(load_chunk(blocks + first_block), r, rows);
                } else {
                    const PaddedChunk<Block> padded(blocks + first_block, n_blocks);
                    store_chunk<Block>(load_chunk(padded.blocks), r, rows);
                }
            }
            transpose_rows<Block>(rows, c, half, tile);
        }
    }
}

// --- multiplying -----------------------------------------------------------------------------

// The activations of up to six tokens in the columns of a tile.
struct TokenTile {
    const int8_t* q[kTileTokens];
    const float* scale[kTileTokens];
    const float* scaled_sum[kTileTokens];
    alignas(64) int32_t bias[kTileTokens][kTileCols / kQ8SumBlock];  // -kBias * sum, per span
};

template <typename Block>
static inline void load_tokens(const Q8Rows& x, size_t token, size_t n_tokens, size_t col,
                               size_t n_cols, TokenTile& out) {
    for (size_t t = 0; t < n_tokens; ++t) {
        out.q[t] = x.q(token + t) + col;
        out.scale[t] = x.scale(token + t) + col / kQ8Block;
        out.scaled_sum[t] = x.scaled_sum(token + t) + col / kQ8Block;
        if constexpr (Block::kBias == 0) continue;
        const size_t n_sums = n_cols / kQ8SumBlock;
        const __mmask32 mask = n_sums >= 32 ? ~__mmask32{0} : (__mmask32{1} << n_sums) - 1;
        const __m512i sums = _mm512_maskz_loadu_epi16(mask, x.sum(token + t) + col / kQ8SumBlock);
        if constexpr (Block::kSpan == 32) {
            const __m512i bias = _mm512_madd_epi16(sums, _mm512_set1_epi16(-Block::kBias));
            _mm512_store_si512(out.bias[t], bias);
        } else {
            const __m512i factor = _mm512_set1_epi32(-Block::kBias);
            const __m512i low = _mm512_cvtepi16_epi32(_mm512_castsi512_si256(sums));
            const __m512i high = _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(sums, 1));
            _mm512_store_si512(out.bias[t], _mm512_mullo_epi32(low, factor));
            _mm512_store_si512(out.bias[t] + 16, _mm512_mullo_epi32(high, factor));
        }
    }
}

template <int kTokens>
struct Accumulators {
    __m512 rows[2][kTokens];
};

// Adds the columns of one span: integer dot products, then both scales.
template <typename Block, int kTokens>
static inline __attribute__((always_inline)) void add_span(const Tile& tile, const TokenTile& x,
                                                           size_t span,
                                                           Accumulators<kTokens>& sums) {
    __m512i dots[2][kTokens];
#pragma GCC unroll 8
    for (int t = 0; t < kTokens; ++t) {
        dots[0][t] = dots[1][t] =
            Block::kBias == 0 ? _mm512_setzero_si512() : _mm512_set1_epi32(x.bias[t][span]);
    }
    constexpr size_t kGroups = Block::kSpan / 4;
#pragma GCC unroll 8
    for (size_t g = 0; g < kGroups; ++g) {
        const size_t group = span * kGroups + g;
        const __m512i low = _mm512_load_si512(tile.q[group][0]);
        const __m512i high = _mm512_load_si512(tile.q[group][16]);
#pragma GCC unroll 8
        for (int t = 0; t < kTokens; ++t) {
            const __m512i four = _mm512_set1_epi32(load_unaligned<int>(x.q[t] + group * 4));
            dots[0][t] = _mm512_dpbusd_epi32(dots[0][t], low, four);
            dots[1][t] = _mm512_dpbusd_epi32(dots[1][t], high, four);
        }
    }
    const size_t block = span * Block::kSpan / kQ8Block;
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
        const __m512 scale = _mm512_load_ps(&tile.scale[span][half * 16]);
#pragma GCC unroll 8
        for (int t = 0; t < kTokens; ++t) {
            const __m512 both = _mm512_mul_ps(scale, _mm512_set1_ps(x.scale[t][block]));
            sums.rows[half][t] =
                _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[half][t]), both, sums.rows[half][t]);
        }
        if constexpr (Block::kHasMin) {
            const __m512 min = _mm512_load_ps(&tile.min[block][half * 16]);
#pragma GCC unroll 8
            for (int t = 0; t < kTokens; ++t) {
                sums.rows[half][t] = _mm512_fnmadd_ps(min, _mm512_set1_ps(x.scaled_sum[t][block]),
                                                      sums.rows[half][t]);
            }
        }
    }
}

// y(tokens, rows) += tile x tokens, or = for the first columns. y points at the tile's first row.
template <typename Block, int kTokens>
static void multiply(const Tile& tile, const TokenTile& x, size_t n_cols, size_t n_rows, bool first,
                     float* y, size_t ldy) {
    const __mmask16 masks[2] = {first_lanes(n_rows), first_lanes(n_rows < 16 ? 0 : n_rows - 16)};
    Accumulators<kTokens> sums;
    for (int half = 0; half < 2; ++half) {
        for (int t = 0; t < kTokens; ++t) {
            const __mmask16 mask = first ? __mmask16{0} : masks[half];
            sums.rows[half][t] =
                _mm512_maskz_loadu_ps(mask, y + static_cast<size_t>(t) * ldy + half * 16);
        }
    }
    for (size_t span = 0; span < n_cols / Block::kSpan; ++span) {
        add_span<Block, kTokens>(tile, x, span, sums);
    }
    for (int half = 0; half < 2; ++half) {
        for (int t = 0; t < kTokens; ++t) {
            _mm512_mask_storeu_ps(y + static_cast<size_t>(t) * ldy + half * 16, masks[half],
                                  sums.rows[half][t]);
        }
    }
}

template <typename Block>
static void multiply_tokens(const Tile& tile, const TokenTile& x, size_t n_tokens, size_t n_cols,
                            size_t n_rows, bool first, float* y, size_t ldy) {
    switch (n_tokens) {
        case 1:
            return multiply<Block, 1>(tile, x, n_cols, n_rows, first, y, ldy);
        case 2:
            return multiply<Block, 2>(tile, x, n_cols, n_rows, first, y, ldy);
        case 3:
            return multiply<Block, 3>(tile, x, n_cols, n_rows, first, y, ldy);
        case 4:
            return multiply<Block, 4>(tile, x, n_cols, n_rows, first, y, ldy);
        case 5:
            return multiply<Block, 5>(tile, x, n_cols, n_rows, first, y, ldy);
        default:
            return multiply<Block, 6>(tile, x, n_cols, n_rows, first, y, ldy);
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
                multiply_tokens<Block>(tile, tokens, n_tokens, n_cols, n_rows, col == 0,
                                       y + token * ldy + row, ldy);
            }
        }
    }
}

}  // namespace

size_t matmul_scratch_bytes(Dtype dtype, size_t) {
    const bool is_float = dtype == Dtype::f32 || dtype == Dtype::f16 || dtype == Dtype::bf16;
    return is_float ? matmul_floats_scratch_bytes() : sizeof(Tile);
}

void matmul(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
            float* y, size_t ldy, std::byte* scratch) {
    switch (w.dtype) {
        case Dtype::f32:
        case Dtype::f16:
        case Dtype::bf16:
            return matmul_floats(w, row_begin, row_end, x, y, ldy, scratch);
        case Dtype::q4_0:
            return matmul_blocks<BlockQ4_0>(w, row_begin, row_end, x, y, ldy, scratch);
        case Dtype::q5_0:
            return matmul_blocks<BlockQ5_0>(w, row_begin, row_end, x, y, ldy, scratch);
        case Dtype::q8_0:
            return matmul_blocks<BlockQ8_0>(w, row_begin, row_end, x, y, ldy, scratch);
        case Dtype::q4_k:
            return matmul_blocks<BlockQ4_K>(w, row_begin, row_end, x, y, ldy, scratch);
        case Dtype::q5_k:
            return matmul_blocks<BlockQ5_K>(w, row_begin, row_end, x, y, ldy, scratch);
        case Dtype::q6_k:
            return matmul_blocks<BlockQ6_K>(w, row_begin, row_end, x, y, ldy, scratch);
        default:
            HEARTH_CHECK(false && "not a computable dtype");
    }
}

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
