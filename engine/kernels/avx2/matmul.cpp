// GEMM for AVX2: two tokens by two vectors of rows fill the register file.
#include "engine/base/check.h"
#include "engine/kernels/avx2/avx2.h"
#include "engine/kernels/avx2/unpack.h"
#include "engine/kernels/avx2/vec.h"

#include "engine/kernels/avx2/target_begin.h"

namespace hearth::avx2 {

namespace {

constexpr size_t kTileRows = kMatmulRowTile;
constexpr size_t kTileCols = 512;
constexpr size_t kTileTokens = 2;
constexpr size_t kFloatTokens = 6;

// Eight integer sums.
struct Ints {
    __m256i v;

    static inline Ints all(int x) { return {_mm256_set1_epi32(x)}; }
};
static inline Vec to_float(Ints x) {
    return {_mm256_cvtepi32_ps(x.v)};
}

// Unpacked chunks of eight rows.
struct ChunkRows {
    __m256i q[8][8];
    alignas(32) float scale[8][16];
    alignas(32) float min[8][8];

    inline void put(size_t r, const Chunk& chunk) {
        for (size_t i = 0; i < 8; ++i) q[i][r] = chunk.q[i];
        _mm256_store_ps(scale[r], chunk.scale[0]);
        _mm256_store_ps(scale[r] + 8, chunk.scale[1]);
        _mm256_store_ps(min[r], chunk.min);
    }
};

// Eight rows of 8 words become 8 columns: out[c] = word c of rows 0..7.
static inline void transpose(const __m256i (&in)[8], __m256i (&out)[8]) {
    __m256i a[8];
    for (size_t i = 0; i < 8; i += 2) {
        a[i] = _mm256_unpacklo_epi32(in[i], in[i + 1]);
        a[i + 1] = _mm256_unpackhi_epi32(in[i], in[i + 1]);
    }
    __m256i b[8];  // b[4 g + c]: in lane l, word 4 l + c of rows 4 g .. 4 g + 3
    for (size_t g = 0; g < 8; g += 4) {
        b[g] = _mm256_unpacklo_epi64(a[g], a[g + 2]);
        b[g + 1] = _mm256_unpackhi_epi64(a[g], a[g + 2]);
        b[g + 2] = _mm256_unpacklo_epi64(a[g + 1], a[g + 3]);
        b[g + 3] = _mm256_unpackhi_epi64(a[g + 1], a[g + 3]);
    }
    for (size_t c = 0; c < 4; ++c) {
        out[c] = _mm256_permute2x128_si256(b[c], b[4 + c], 0x20);
        out[4 + c] = _mm256_permute2x128_si256(b[c], b[4 + c], 0x31);
    }
}

// to[g][first_row + r] = columns 4 g .. 4 g + 3 of row r.
static inline void transpose_quants(const ChunkRows& rows, uint8_t (*to)[kTileRows][4],
                                    size_t first_row) {
    for (size_t i = 0; i < 8; ++i) {
        __m256i columns[8];
        transpose(rows.q[i], columns);
        for (size_t c = 0; c < 8; ++c) {
            _mm256_store_si256(reinterpret_cast<__m256i*>(to[i * 8 + c][first_row]), columns[c]);
        }
    }
}

// How many sums of two products fit 16 bits when added up: 4 x 2 x 31 x 127 and 2 x 2 x 63 x 127
// are below 2^15; signed quants reach 2 x 128 x 127 alone.
template <typename Block>
constexpr size_t kGroupsIn16Bits = kSigned<Block>       ? 1
                                   : Block::kSpan == 16 ? 2
                                                        : 4;

// Products of eight rows and four columns, added up in pairs.
template <typename Block>
static inline __m256i pairs(__m256i w, __m256i x) {
    return kSigned<Block> ? _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w))
                          : _mm256_maddubs_epi16(w, x);
}

// Adds the products of one span of columns, which begins at q[0] and at x[t][col].
template <typename Block, size_t kTokens>
static inline __attribute__((always_inline)) void dot_span(const uint8_t (*q)[kTileRows][4],
                                                           size_t first_row, const int8_t* const* x,
                                                           size_t col, Ints (&dots)[2][kTokens]) {
    constexpr size_t kStep = kGroupsIn16Bits<Block>;
#pragma GCC unroll 8
    for (size_t g = 0; g < Block::kSpan / 4; g += kStep) {
        __m256i partial[2][kTokens];
#pragma GCC unroll 4
        for (size_t i = 0; i < kStep; ++i) {
            const __m256i low = load_32(q[g + i][first_row]);
            const __m256i high = load_32(q[g + i][first_row + 8]);
#pragma GCC unroll 2
            for (size_t t = 0; t < kTokens; ++t) {
                const __m256i four =
                    _mm256_set1_epi32(load_unaligned<int>(x[t] + col + (g + i) * 4));
                const __m256i low_pairs = pairs<Block>(low, four);
                const __m256i high_pairs = pairs<Block>(high, four);
                partial[0][t] = i == 0 ? low_pairs : _mm256_add_epi16(partial[0][t], low_pairs);
                partial[1][t] = i == 0 ? high_pairs : _mm256_add_epi16(partial[1][t], high_pairs);
            }
        }
#pragma GCC unroll 2
        for (size_t t = 0; t < kTokens; ++t) {
            for (size_t half = 0; half < 2; ++half) {
                dots[half][t].v = _mm256_add_epi32(
                    dots[half][t].v, _mm256_madd_epi16(partial[half][t], _mm256_set1_epi16(1)));
            }
        }
    }
}

#include "engine/kernels/per_isa/matmul_floats_inl.h"
#include "engine/kernels/per_isa/matmul_inl.h"

}  // namespace

#include "engine/kernels/per_isa/matmul_dispatch_inl.h"

}  // namespace hearth::avx2

#include "engine/kernels/target_end.h"
