// Sums of picked rows: the down step of a sparse FFN.
//
// Compiled once per instruction set: included by <isa>/accumulate.cpp inside its namespace and
// target region, which gives Columns and add_row(). No include guard and no includes here.

// Rows that pass one set of columns; the next group is fetched meanwhile.
constexpr size_t kGroupRows = 8;

template <typename Block>
static inline void prefetch(const std::byte* at) {
    constexpr size_t kBytes = kChunkBlocks<Block> * sizeof(Block);
    for (size_t i = 0; i < kBytes; i += 64) __builtin_prefetch(at + i);
}

// All rows of a group over columns [c, c + 256). `next` are the rows of the next group.
template <typename Block>
static inline void add_group(const MatrixView& w, size_t c, const uint32_t* rows,
                             const float* factor, size_t n, const uint32_t* next, size_t n_next,
                             Columns& columns) {
    const size_t offset = c / Block::kElements * sizeof(Block);
    for (size_t j = 0; j < n; ++j) {
        if (j < n_next) prefetch<Block>(w.row(next[j]) + offset);
        add_row(reinterpret_cast<const Block*>(w.row(rows[j]) + offset), Vec::all(factor[j]),
                columns);
    }
}

// The columns behind the last whole chunk.
template <typename Block>
static inline void add_tail(const MatrixView& w, size_t c, const uint32_t* rows,
                            const float* factor, size_t n, float* y) {
    alignas(64) float padded[kChunk] = {};
    std::memcpy(padded, y + c, (w.cols - c) * sizeof *y);
    Columns columns = Columns::load(padded);
    for (size_t j = 0; j < n; ++j) {
        const auto* b = reinterpret_cast<const Block*>(w.row(rows[j])) + c / Block::kElements;
        const PaddedChunk<Block> chunk(b, (w.cols - c) / Block::kElements);
        add_row(chunk.blocks, Vec::all(factor[j]), columns);
    }
    columns.store(padded);
    std::memcpy(y + c, padded, (w.cols - c) * sizeof *y);
}

template <typename Block>
static void accumulate_blocks(const MatrixView& w, const uint32_t* rows, const float* factor,
                              size_t n, float* y) {
    for (size_t j = 0; j < n; j += kGroupRows) {
        const size_t n_group = n - j < kGroupRows ? n - j : kGroupRows;
        const size_t left = n - j - n_group;
        const size_t n_next = left < kGroupRows ? left : kGroupRows;
        size_t c = 0;
        for (; c + kChunk <= w.cols; c += kChunk) {
            Columns columns = Columns::load(y + c);
            add_group<Block>(w, c, rows + j, factor + j, n_group, rows + j + n_group, n_next,
                             columns);
            columns.store(y + c);
        }
        if constexpr (Block::kElements < kChunk) {
            if (c < w.cols) add_tail<Block>(w, c, rows + j, factor + j, n_group, y);
        }
    }
}

template <typename Float>
static void accumulate_floats(const MatrixView& w, const uint32_t* rows, const float* factor,
                              size_t n, float* y) {
    for (size_t j = 0; j < n; ++j) {
        const std::byte* row = w.row(rows[j]);
        const Vec f = Vec::all(factor[j]);
        for (size_t i = 0; i < w.cols; i += Vec::kWidth) {
            const Vec weights = Float::load_first(row + i * Float::kBytes, w.cols - i);
            fma(weights, f, Vec::load_first(y + i, w.cols - i)).store_first(y + i, w.cols - i);
        }
    }
}

void accumulate_rows(const MatrixView& w, const uint32_t* rows, const float* factor, size_t n,
                     float* y) {
    switch (w.dtype) {
        case Dtype::f32:
            return accumulate_floats<F32>(w, rows, factor, n, y);
        case Dtype::f16:
            return accumulate_floats<F16>(w, rows, factor, n, y);
        case Dtype::bf16:
            return accumulate_floats<Bf16>(w, rows, factor, n, y);
        case Dtype::q4_0:
            return accumulate_blocks<BlockQ4_0>(w, rows, factor, n, y);
        case Dtype::q5_0:
            return accumulate_blocks<BlockQ5_0>(w, rows, factor, n, y);
        case Dtype::q8_0:
            return accumulate_blocks<BlockQ8_0>(w, rows, factor, n, y);
        case Dtype::q4_k:
            return accumulate_blocks<BlockQ4_K>(w, rows, factor, n, y);
        case Dtype::q5_k:
            return accumulate_blocks<BlockQ5_K>(w, rows, factor, n, y);
        case Dtype::q6_k:
            return accumulate_blocks<BlockQ6_K>(w, rows, factor, n, y);
        default:
            HEARTH_CHECK(false && "not a computable dtype");
    }
}
