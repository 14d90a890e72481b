// add_chunk(), add_short_row() and total() of a mat-vec whose dot products come span by span, four
// sums side by side.
//
// Included by <isa>/matvec.cpp inside its anonymous namespace and target region, which gives Sums,
// add_spans_of_16() and add_spans_of_32(); AVX-512 sums in another way. No include guard and no
// includes here.

template <typename Block>
static inline void add_chunk(const Block* b, const Activations& x, Sums& sums) {
    const Chunk w = load_chunk(b);
    if constexpr (Block::kSpan == 16) {
        add_spans_of_16<Block>(w, x, sums);
    } else {
        add_spans_of_32<Block>(w, x, sums);
    }
}

// A row of fewer than 256 weights.
template <typename Block>
static inline void add_short_row(const Block* b, size_t n_blocks, const Activations& x,
                                 Sums& sums) {
    add_chunk(PaddedChunk<Block>(b, n_blocks).blocks, x, sums);
}

template <typename Block>
static inline float total(const Sums& sums) {
    const Vec product = (sums.product[0] + sums.product[1]) + (sums.product[2] + sums.product[3]);
    const float weight = Block::kHasMin ? 1.0f : static_cast<float>(kBias<Block>);
    return product.sum() - weight * sums.offset.sum();
}
