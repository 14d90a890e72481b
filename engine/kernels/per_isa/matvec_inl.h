// Mat-vec: by far the most of decode's time is spent in dot_row().
//
// Compiled once per instruction set: included by <isa>/matvec.cpp inside its namespace and target
// region, which gives Activations, Sums, add_chunk(), total() and Vec. No include guard and no
// includes here.
//
// A row is one sequential stream: several rows at a time would mean several streams per thread,
// which the memory system serves more slowly (measured: 34 GB/s with one, 20 with two).

// How far ahead of the loads a matrix is fetched. Picked rows fetch a later picked row instead, at
// the place where they are themselves.
constexpr ptrdiff_t kPrefetchBytes = 6144;

// The last chunk of a row of activations, where its length is no multiple of 256: of the last 256
// columns those behind the last whole chunk, zeroes in place of the others. Of a row that is
// shorter than a chunk all columns, and zeroes behind them.
struct LastActivations {
    alignas(64) int8_t q[kChunk];
    alignas(64) float scale[kChunk / kQ8Block];
    alignas(64) float scaled_sum[kChunk / kQ8Block];

    LastActivations(const Q8Rows& x, size_t n) {
        std::memset(static_cast<void*>(this), 0, sizeof *this);
        const size_t begin = n / kChunk * kChunk;
        const size_t at = n < kChunk ? 0 : kChunk - (n - begin);
        std::memcpy(q + at, x.q(0) + begin, n - begin);
        const size_t bytes = (n - begin) / kQ8Block * sizeof *scale;
        std::memcpy(scale + at / kQ8Block, x.scale(0) + begin / kQ8Block, bytes);
        std::memcpy(scaled_sum + at / kQ8Block, x.scaled_sum(0) + begin / kQ8Block, bytes);
    }
};

static inline void prefetch(const void* from, size_t bytes, ptrdiff_t ahead) {
    const char* begin = static_cast<const char*>(from) + ahead;
    for (size_t at = 0; at < bytes; at += 64) __builtin_prefetch(begin + at);
}

template <typename Block>
static inline float dot_row(const Block* b, const Q8Rows& x, size_t n, const LastActivations& last,
                            ptrdiff_t ahead) {
    Sums sums;
    size_t i = 0;
    for (; i + kChunk <= n; i += kChunk, b += kChunkBlocks<Block>) {
        prefetch(b, kChunkBlocks<Block> * sizeof(Block), ahead);
        const Activations at{x.q(0) + i, x.scale(0) + i / kQ8Block, x.scaled_sum(0) + i / kQ8Block,
                             x.sum(0) + i / kQ8SumBlock};
        add_chunk(b, at, sums);
    }
    if constexpr (Block::kElements < kChunk) {
        const size_t n_blocks = (n - i) / Block::kElements;
        const Activations at{last.q, last.scale, last.scaled_sum, nullptr};
        if (i < n && n > kChunk) {
            add_chunk(b + n_blocks - kChunkBlocks<Block>, at, sums);  // some a second time, by zero
        } else if (i < n) {
            add_short_row(b, n_blocks, at, sums);
        }
    }
    return total<Block>(sums);
}

template <typename Block>
static void matvec_blocks(const MatrixView& w, size_t row_begin, size_t row_end, const Q8Rows& x,
                          float* y) {
    const LastActivations last(x, w.cols);
    for (size_t r = row_begin; r < row_end; ++r) {
        y[r] = dot_row(reinterpret_cast<const Block*>(w.row(r)), x, w.cols, last, kPrefetchBytes);
    }
}

// How many picked rows ahead are fetched, to be as far ahead as in a whole matrix.
static inline size_t rows_ahead(const MatrixView& w) {
    return static_cast<size_t>(kPrefetchBytes) / row_bytes(w.dtype, w.cols) + 1;
}

// The distance from picked row j to the one that is fetched meanwhile; the last ones fetch
// themselves again.
static inline ptrdiff_t distance_ahead(const MatrixView& w, const uint32_t* rows, size_t j,
                                       size_t n, size_t ahead) {
    if (j + ahead >= n) return 0;
    return static_cast<ptrdiff_t>(w.stride_bytes) *
           (static_cast<ptrdiff_t>(rows[j + ahead]) - static_cast<ptrdiff_t>(rows[j]));
}

template <typename Block>
static void matvec_rows_blocks(const MatrixView& w, const uint32_t* rows, size_t n, const Q8Rows& x,
                               float* y) {
    const LastActivations last(x, w.cols);
    const size_t ahead = rows_ahead(w);
    for (size_t j = 0; j < n; ++j) {
        y[j] = dot_row(reinterpret_cast<const Block*>(w.row(rows[j])), x, w.cols, last,
                       distance_ahead(w, rows, j, n, ahead));
    }
}

template <typename Float>
static inline float dot_floats(const std::byte* row, const float* x, size_t n, ptrdiff_t ahead) {
    constexpr size_t kStep = 4 * Vec::kWidth;
    Vec sums[4] = {Vec::zero(), Vec::zero(), Vec::zero(), Vec::zero()};
    size_t i = 0;
    for (; i + kStep <= n; i += kStep) {
        prefetch(row + i * Float::kBytes, kStep * Float::kBytes, ahead);
#pragma GCC unroll 4
        for (size_t j = 0; j < 4; ++j) {
            const size_t at = i + j * Vec::kWidth;
            sums[j] = fma(Float::load(row + at * Float::kBytes), Vec::load(x + at), sums[j]);
        }
    }
    for (; i < n; i += Vec::kWidth) {
        const Vec w = Float::load_first(row + i * Float::kBytes, n - i);
        sums[0] = fma(w, Vec::load_first(x + i, n - i), sums[0]);
    }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])).sum();
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
    const size_t ahead = rows_ahead(w);
    for (size_t j = 0; j < n; ++j) {
        y[j] = dot_floats<Float>(w.row(rows[j]), x, w.cols, distance_ahead(w, rows, j, n, ahead));
    }
}

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
