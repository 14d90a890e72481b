// WeightTile: a stretch of quantized random weights that fills matrices of any size.
//
// Quantizing seven billion floats would take minutes and the values do not matter to a benchmark,
// only that they are valid, finite and of sane size. So one tile is quantized and then copied round
// and round, starting elsewhere for each tensor. Its length in blocks is prime: rows do not repeat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/gguf/dtype.h"

namespace hearth {

// The values of a tile before they are quantized, about 500,000: nearly normal, mean 0, deviation
// 1, the same on every machine.
std::vector<float> random_tile_values(Dtype dtype, uint64_t seed);

class WeightTile {
  public:
    // Nearly normal values with mean 0 and the given deviation. dtype: any with can_quantize().
    WeightTile(Dtype dtype, float deviation, uint64_t seed);
    // These values, a whole number of blocks.
    WeightTile(Dtype dtype, std::span<const float> values);

    // Fills `chunk` with the bytes from `offset` on of an endless tensor; `start` (any number)
    // chooses the block of the tile in which that tensor begins.
    void fill(uint64_t start, uint64_t offset, std::span<std::byte> chunk) const;

    uint64_t n_blocks() const { return bytes_.size() / block_bytes_; }

  private:
    size_t block_bytes_;
    std::vector<std::byte> bytes_;
};

}  // namespace hearth
