// GEMM for AVX-512: four tokens by two vectors of rows, eight chains of vpdpbusd in flight.
#include "engine/base/check.h"
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/avx512/unpack.h"
#include "engine/kernels/avx512/vec.h"

#include "engine/kernels/avx512/target_begin.h"

namespace hearth::avx512 {

namespace {

constexpr size_t kTileRows = kMatmulRowTile;
constexpr size_t kTileCols = 512;
constexpr size_t kTileTokens = 4;
constexpr size_t kFloatTokens = 8;

// Sixteen integer sums.
struct Ints {
    __m512i v;

    static inline Ints all(int x) { return {_mm512_set1_epi32(x)}; }
};
static inline Vec to_float(Ints x) {
    return {_mm512_cvtepi32_ps(x.v)};
}

// Unpacked chunks of sixteen rows.
struct ChunkRows {
    __m512i q[4][16];
    alignas(64) float scale[16][16];
    alignas(32) float min[16][8];

    inline void put(size_t r, const Chunk& chunk) {
        for (size_t i = 0; i < 4; ++i) q[i][r] = chunk.q[i];
        _mm512_store_ps(scale[r], chunk.scale);
        _mm256_store_ps(min[r], chunk.min);
    }
};

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

// to[g][first_row + r] = columns 4 g .. 4 g + 3 of row r.
static inline void transpose_quants(const ChunkRows& rows, uint8_t (*to)[kTileRows][4],
                                    size_t first_row) {
    for (size_t i = 0; i < 4; ++i) {
        __m512i columns[16];
        transpose(rows.q[i], columns);
        for (size_t c = 0; c < 16; ++c) {
            _mm512_store_si512(to[i * 16 + c][first_row], columns[c]);
        }
    }
}

// Adds the products of one span of columns, which begins at q[0] and at x[t][col].
template <typename Block, size_t kTokens>
static inline __attribute__((always_inline)) void dot_span(const uint8_t (*q)[kTileRows][4],
                                                           size_t first_row, const int8_t* const* x,
                                                           size_t col, Ints (&dots)[2][kTokens]) {
#pragma GCC unroll 8
    for (size_t g = 0; g < Block::kSpan / 4; ++g) {
        const __m512i low = _mm512_load_si512(q[g][first_row]);
        const __m512i high = _mm512_load_si512(q[g][first_row + 16]);
#pragma GCC unroll 8
        for (size_t t = 0; t < kTokens; ++t) {
            const __m512i four = _mm512_set1_epi32(load_unaligned<int>(x[t] + col + g * 4));
            dots[0][t].v = _mm512_dpbusd_epi32(dots[0][t].v, low, four);
            dots[1][t].v = _mm512_dpbusd_epi32(dots[1][t].v, high, four);
        }
    }
}

#include "engine/kernels/per_isa/matmul_floats_inl.h"
#include "engine/kernels/per_isa/matmul_inl.h"

}  // namespace

#include "engine/kernels/per_isa/matmul_dispatch_inl.h"

}  // namespace hearth::avx512

#include "engine/kernels/target_end.h"
