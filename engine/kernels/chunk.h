// Chunk: the 256 consecutive weights that the vector kernels unpack at a time, whatever their type.
#pragma once

#include <cstddef>
#include <cstring>

#include "engine/kernels/blocks.h"

namespace hearth {

inline constexpr size_t kChunk = 256;

template <typename Block>
inline constexpr size_t kChunkBlocks = kChunk / Block::kElements;

// The last blocks of a row whose length is no multiple of 256, filled up with blocks of zero scale.
template <typename Block>
struct PaddedChunk {
    Block blocks[kChunkBlocks<Block>];

    PaddedChunk(const Block* from, size_t n_blocks) {
        std::memset(static_cast<void*>(blocks), 0, sizeof blocks);
        std::memcpy(static_cast<void*>(blocks), from, n_blocks * sizeof(Block));
    }
};

}  // namespace hearth
