// Sums of picked rows for AVX2: sixteen registers hold no 256 columns, so the sums stay in memory
// (the first cache) while the weights of a chunk become floats.
#include <cstring>

#include "engine/base/check.h"
#include "engine/kernels/avx2/avx2.h"
#include "engine/kernels/avx2/unpack.h"
#include "engine/kernels/avx2/vec.h"

#include "engine/kernels/avx2/target_begin.h"

namespace hearth::avx2 {

namespace {

// 256 sums, in place.
struct Columns {
    float* sum;

    static inline Columns load(float* y) { return {y}; }
    inline void store(float*) const {}
};

// Eight quants as floats, without their bias.
template <typename Block>
static inline Vec to_floats(const uint8_t* q) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(q));
    const __m256i words =
        kSigned<Block> ? _mm256_cvtepi8_epi32(bytes) : _mm256_cvtepu8_epi32(bytes);
    return {_mm256_cvtepi32_ps(_mm256_sub_epi32(words, _mm256_set1_epi32(kBias<Block>)))};
}

template <typename Block>
static inline void add_row(const Block* b, Vec factor, Columns& columns) {
    const Chunk w = load_chunk(b);
    alignas(32) uint8_t q[kChunk];
    alignas(32) float scale[16];
    alignas(32) float min[8];
    for (size_t i = 0; i < 8; ++i) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(q + 32 * i), w.q[i]);
    }
    (Vec{w.scale[0]} * factor).store(scale);
    (Vec{w.scale[1]} * factor).store(scale + 8);
    (Vec{w.min} * factor).store(min);
#pragma GCC unroll 32
    for (size_t c = 0; c < kChunk; c += Vec::kWidth) {
        const Vec before = Vec::load(columns.sum + c);
        Vec sum = fma(to_floats<Block>(q + c), Vec::all(scale[c / Block::kSpan]), before);
        if constexpr (Block::kHasMin) sum = sum - Vec::all(min[c / 32]);
        sum.store(columns.sum + c);
    }
}

}  // namespace

#include "engine/kernels/per_isa/accumulate_inl.h"

}  // namespace hearth::avx2

#include "engine/kernels/target_end.h"
