// GEMM for NEON: four tokens by two vectors of rows.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/neon/neon.h"
#include "engine/kernels/neon/unpack.h"
#include "engine/kernels/neon/vec.h"

namespace hearth::neon {

namespace {

constexpr size_t kTileRows = kMatmulRowTile;
constexpr size_t kTileCols = 512;
constexpr size_t kTileTokens = 4;
constexpr size_t kFloatTokens = 8;

// Four integer sums.
struct Ints {
    int32x4_t v;

    static inline Ints all(int x) { return {vdupq_n_s32(x)}; }
};
static inline Vec to_float(Ints x) {
    return {vcvtq_f32_s32(x.v)};
}

// Unpacked chunks of four rows.
struct ChunkRows {
    int8x16_t q[16][4];
    float scale[4][16];
    float min[4][8];

    inline void put(size_t r, const Chunk& chunk) {
        for (size_t i = 0; i < 16; ++i) q[i][r] = chunk.q[i];
        std::memcpy(scale[r], chunk.scale, sizeof chunk.scale);
        std::memcpy(min[r], chunk.min, sizeof chunk.min);
    }
};

// Four rows of 4 words become 4 columns: out[c] = word c of rows 0..3.
static inline void transpose(const int8x16_t (&in)[4], int64x2_t (&out)[4]) {
    int32x4_t rows[4];
    for (size_t r = 0; r < 4; ++r) rows[r] = vreinterpretq_s32_s8(in[r]);
    int64x2_t pairs[4];  // words 0 and 2, then 1 and 3, of rows 0 and 1, then 2 and 3
    pairs[0] = vreinterpretq_s64_s32(vtrn1q_s32(rows[0], rows[1]));
    pairs[1] = vreinterpretq_s64_s32(vtrn2q_s32(rows[0], rows[1]));
    pairs[2] = vreinterpretq_s64_s32(vtrn1q_s32(rows[2], rows[3]));
    pairs[3] = vreinterpretq_s64_s32(vtrn2q_s32(rows[2], rows[3]));
    for (size_t c = 0; c < 2; ++c) {
        out[c] = vtrn1q_s64(pairs[c], pairs[2 + c]);
        out[2 + c] = vtrn2q_s64(pairs[c], pairs[2 + c]);
    }
}

// to[g][first_row + r] = columns 4 g .. 4 g + 3 of row r.
static inline void transpose_quants(const ChunkRows& rows, uint8_t (*to)[kTileRows][4],
                                    size_t first_row) {
    for (size_t i = 0; i < 16; ++i) {
        int64x2_t columns[4];
        transpose(rows.q[i], columns);
        for (size_t c = 0; c < 4; ++c) {
            vst1q_u8(to[i * 4 + c][first_row], vreinterpretq_u8_s64(columns[c]));
        }
    }
}

// How many groups of four columns may be added up in 16 bits, one product of each to a lane: 8 x 31
// x 127 and 4 x 63 x 127 are below 2^15; signed quants reach 2 x 128 x 127.
template <typename Block>
constexpr size_t kGroupsIn16Bits = kSigned<Block>       ? 2
                                   : Block::kSpan == 16 ? 4
                                                        : 8;

// Products of four rows and four columns that wait to be added up by rows.
struct Partial {
    int16x8_t low;   // of rows 0 and 1
    int16x8_t high;  // of rows 2 and 3
};

static inline Partial products(int8x16_t w, int8x16_t x) {
    return {vmull_s8(vget_low_s8(w), vget_low_s8(x)), vmull_high_s8(w, x)};
}
static inline void add_products(Partial& sum, int8x16_t w, int8x16_t x) {
    sum.low = vmlal_s8(sum.low, vget_low_s8(w), vget_low_s8(x));
    sum.high = vmlal_high_s8(sum.high, w, x);
}

// Adds the products of one span of columns, which begins at q[0] and at x[t][col].
template <typename Block, size_t kTokens>
static inline __attribute__((always_inline)) void dot_span(const uint8_t (*q)[kTileRows][4],
                                                           size_t first_row, const int8_t* const* x,
                                                           size_t col, Ints (&dots)[2][kTokens]) {
    constexpr size_t kStep = kGroupsIn16Bits<Block>;
#pragma GCC unroll 4
    for (size_t g = 0; g < Block::kSpan / 4; g += kStep) {
        Partial partial[2][kTokens];
#pragma GCC unroll 8
        for (size_t i = 0; i < kStep; ++i) {
            const int8x16_t w[2] = {vreinterpretq_s8_u8(vld1q_u8(q[g + i][first_row])),
                                    vreinterpretq_s8_u8(vld1q_u8(q[g + i][first_row + 4]))};
#pragma GCC unroll 4
            for (size_t t = 0; t < kTokens; ++t) {
                const int four = load_unaligned<int>(x[t] + col + (g + i) * 4);
                const int8x16_t right = vreinterpretq_s8_s32(vdupq_n_s32(four));
                for (size_t half = 0; half < 2; ++half) {
                    if (i == 0) {
                        partial[half][t] = products(w[half], right);
                    } else {
                        add_products(partial[half][t], w[half], right);
                    }
                }
            }
        }
#pragma GCC unroll 4
        for (size_t t = 0; t < kTokens; ++t) {
            for (size_t half = 0; half < 2; ++half) {
                const Partial& sum = partial[half][t];
                dots[half][t].v = vaddq_s32(
                    dots[half][t].v, vpaddq_s32(vpaddlq_s16(sum.low), vpaddlq_s16(sum.high)));
            }
        }
    }
}

#include "engine/kernels/per_isa/matmul_floats_inl.h"
#include "engine/kernels/per_isa/matmul_inl.h"

}  // namespace

#include "engine/kernels/per_isa/matmul_dispatch_inl.h"

}  // namespace hearth::neon
