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

}  // namespace

WeightTile::WeightTile(Dtype dtype, float deviation, uint64_t seed)
    : block_bytes_(traits(dtype).block_bytes) {
    const size_t n_blocks = tile_blocks(traits(dtype).block_elements);
    std::vector<float> values(n_blocks * traits(dtype).block_elements);
    std::mt19937_64 random(seed);
    for (float& value : values) {
        // The sum of four 16-bit uniform values: near enough to normal, and the same everywhere.
        const uint64_t bits = random();
        int sum = 0;
        for (int i = 0; i < 4; ++i) sum += static_cast<int>(bits >> (16 * i) & 0xFFFF);
        value = deviation * (static_cast<float>(sum) / 65'536.0f - 2.0f) * std::sqrt(3.0f);
    }
    bytes_.resize(n_blocks * block_bytes_);
    quantize_weights(dtype, values, bytes_.data());
}

void WeightTile::fill(uint64_t start, uint64_t offset, std::span<std::byte> chunk) const {
    const uint64_t n_blocks = bytes_.size() / block_bytes_;
    auto at = static_cast<size_t>(((start % n_blocks) * block_bytes_ + offset) % bytes_.size());
    while (!chunk.empty()) {
        const size_t n = std::min(chunk.size(), bytes_.size() - at);
        std::memcpy(chunk.data(), bytes_.data() + at, n);
        chunk = chunk.subspan(n);
        at = 0;
    }
}

}  // namespace hearth
