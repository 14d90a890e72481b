#include "bench/synth/weight_tile.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "engine/kernels/quantize_weights.h"

namespace hearth {

namespace {

// About 500,000 values each.
constexpr size_t tile_blocks(size_t block_elements) {
    if (block_elements == 1) return 499'979;
    return block_elements == 32 ? 15'619 : 1'951;
}

std::vector<float> scaled(std::vector<float> values, float factor) {
    for (float& value : values) value *= factor;
    return values;
}

}  // namespace

std::vector<float> random_tile_values(Dtype dtype, uint64_t seed) {
    const size_t block = traits(dtype).block_elements;
    std::vector<float> values(tile_blocks(block) * block);
    std::mt19937_64 random(seed);
    for (float& value : values) {
        // The sum of four 16-bit uniform values: near enough to normal, and the same everywhere.
        const uint64_t bits = random();
        int sum = 0;
        for (int i = 0; i < 4; ++i) sum += static_cast<int>(bits >> (16 * i) & 0xFFFF);
        value = (static_cast<float>(sum) / 65'536.0f - 2.0f) * std::sqrt(3.0f);
    }
    return values;
}

WeightTile::WeightTile(Dtype dtype, float deviation, uint64_t seed)
    : WeightTile(dtype, scaled(random_tile_values(dtype, seed), deviation)) {}

WeightTile::WeightTile(Dtype dtype, std::span<const float> values)
    : block_bytes_(traits(dtype).block_bytes), bytes_(row_bytes(dtype, values.size())) {
    quantize_weights(dtype, values, bytes_.data());
}

void WeightTile::fill(uint64_t start, uint64_t offset, std::span<std::byte> chunk) const {
    auto at = static_cast<size_t>(((start % n_blocks()) * block_bytes_ + offset) % bytes_.size());
    while (!chunk.empty()) {
        const size_t n = std::min(chunk.size(), bytes_.size() - at);
        std::memcpy(chunk.data(), bytes_.data() + at, n);
        chunk = chunk.subspan(n);
        at = 0;
    }
}

}  // namespace hearth
