// How the quants of a chunk lie where the multiplication takes signed bytes.
//
// Included by <isa>/unpack.h inside its namespace and target region. No include guard.

// Whether load_chunk() gives signed quants.
template <typename Block>
inline constexpr bool kSigned = Block::kDtype == Dtype::q8_0;

// What is subtracted from the quants as load_chunk() gives them.
template <typename Block>
inline constexpr int kBias = kSigned<Block> ? 0 : Block::kBias;
