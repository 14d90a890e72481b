#include "bench/synth/planted_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "bench/synth/synthetic_vocabulary.h"
#include "engine/base/check.h"
#include "engine/kernels/quantize_weights.h"

namespace hearth {

namespace {

constexpr uint64_t kBlock = 32;
static_assert(kConstantDims == kBlock);

// Blocks of the residual that a layer's gates read with large weights.
constexpr uint64_t kSignalBlocks = 3;
// relu(x), relu(-x) of each of their dimensions, and the constant: 224.
constexpr uint64_t kRank = (2 * kSignalBlocks + 1) * kBlock;

// Deviation of what a gate reads beside its signal, and how far below a gate's threshold its
// predictor proposes it; of a score with deviation 1. Together they set recall and false alarms.
constexpr double kUnpredicted = 0.15;
constexpr double kMargin = 0.25;

// Random part of queries and keys, beside the planted one.
constexpr double kContentDeviation = 0.15;

// How far the likely next token is, and how much likelier it is, in deviations of all logits: the
// best of 15,619 others reaches about 4, so the context overrules it once in a hundred tokens.
constexpr uint64_t kNextToken = 389;
constexpr double kNextTokenLogit = 6.5;

// The first of a layer's blocks begins here among n_blocks.
uint64_t spread(uint64_t layer, uint64_t n_blocks) {
    return 1 + layer * kSignalBlocks % (n_blocks - kSignalBlocks);
}

// Block types whose first two bytes are the scale: minus the scale is minus the weights.
void negate(std::span<std::byte> blocks, size_t block_bytes) {
    for (size_t i = 1; i < blocks.size(); i += block_bytes) blocks[i] ^= std::byte{0x80};
}

}  // namespace

bool PlantedWeights::can_write(Dtype dtype) {
    return dtype == Dtype::q4_0 || dtype == Dtype::q5_0 || dtype == Dtype::q8_0;
}

PlantedWeights::PlantedWeights(const SyntheticShape& shape, Dtype dtype, uint64_t seed)
    : shape_(shape),
      dtype_(dtype),
      seed_(seed),
      scales_(shape),
      embedding_(dtype, 1.0F, seed),
      head_(make_head_tile()),
      signal_(dtype,
              static_cast<float>(std::sqrt((1.0 - kUnpredicted * kUnpredicted) /
                                           static_cast<double>(kSignalBlocks * kBlock))),
              seed + 2) {
    HEARTH_CHECK(can_write(dtype));
}

// The head's tile resembles the embedding's, block by block.
WeightTile PlantedWeights::make_head_tile() const {
    const auto width = static_cast<double>(shape_.d_model - kConstantDims);
    const double alike =
        std::min(0.9, kNextTokenLogit * scales_.final_residual() / std::sqrt(width));
    const double other = std::sqrt(1.0 - alike * alike);
    std::vector<float> values = random_tile_values(dtype_, seed_);
    const std::vector<float> noise = random_tile_values(dtype_, seed_ + 1);
    for (size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>((alike * values[i] + other * noise[i]) / std::sqrt(width));
    }
    return WeightTile(dtype_, values);
}

const WeightTile& PlantedWeights::tile(double deviation) {
    const auto known = tiles_.find(deviation);
    if (known != tiles_.end()) return known->second;
    return tiles_
        .emplace(deviation,
                 WeightTile(dtype_, static_cast<float>(deviation), seed_ + 3 + tiles_.size()))
        .first->second;
}

std::span<std::byte> PlantedWeights::blocks(std::span<std::byte> row, uint64_t first,
                                            uint64_t n) const {
    const size_t bytes = traits(dtype_).block_bytes;
    return row.subspan(first * bytes, n * bytes);
}

void PlantedWeights::put_constant(std::span<std::byte> block, double value) const {
    if (value == 0.0) {
        std::fill(block.begin(), block.end(), std::byte{0});
        return;
    }
    std::array<float, kBlock> values;
    values.fill(static_cast<float>(value));
    quantize_weights(dtype_, values, block.data());
}

void PlantedWeights::put_one(std::span<std::byte> block, uint64_t i, float value) const {
    std::array<float, kBlock> values{};
    values[i] = value;
    quantize_weights(dtype_, values, block.data());
}

uint64_t PlantedWeights::signal_block(uint64_t layer) const {
    return spread(layer, shape_.d_model / kBlock);
}

// A weight whose product with the 32 ones is `value`.
double PlantedWeights::constant_for(double value) const {
    return value / static_cast<double>(kConstantDims);
}

double PlantedWeights::threshold_constant(uint64_t layer, double threshold) const {
    return constant_for(-threshold * scales_.layer(layer).residual_before_ffn);
}

PlantedWeights::RowMaker PlantedWeights::random_rows(double deviation) {
    const uint64_t start = 7919 * n_random_rows_++;
    return [from = &tile(deviation), start](uint64_t row, std::span<std::byte> out) {
        from->fill(start, row * out.size(), out);
    };
}

PlantedWeights::RowMaker PlantedWeights::with_constant(
    RowMaker rows, std::function<double(uint64_t row)> value) const {
    return [this, make_row = std::move(rows), value = std::move(value)](uint64_t row,
                                                                        std::span<std::byte> out) {
        make_row(row, out);
        put_constant(blocks(out, 0, 1), value(row));
    };
}

PlantedWeights::RowMaker PlantedWeights::recency_rows(uint64_t layer) {
    const double value =
        constant_for(scales_.recency_value() * scales_.layer(layer).residual_before_attention);
    return with_constant(
        random_rows(kContentDeviation / std::sqrt(static_cast<double>(shape_.d_model))),
        [this, value](uint64_t row) {
            const uint64_t dim = row % shape_.head_dim();
            return dim % 2 == 0 && scales_.is_recency_pair(dim / 2) ? value : 0.0;
        });
}

PlantedWeights::RowMaker PlantedWeights::gate_rows(uint64_t layer) {
    const uint64_t n_other = shape_.d_model - (1 + kSignalBlocks) * kBlock;
    auto rows = with_constant(
        random_rows(kUnpredicted / std::sqrt(static_cast<double>(n_other))),
        [this, layer](uint64_t row) {
            const uint64_t expert = row / shape_.d_ff;
            return threshold_constant(
                layer, scales_.threshold(layer + shape_.n_layers * expert, row % shape_.d_ff));
        });
    return [this, layer, make_row = std::move(rows)](uint64_t row, std::span<std::byte> out) {
        make_row(row, out);
        signal_.fill(layer * 1009 + row * kSignalBlocks, 0,
                     blocks(out, signal_block(layer), kSignalBlocks));
    };
}

PlantedWeights::RowMaker PlantedWeights::up_rows(uint64_t layer) {
    const auto width = static_cast<double>(shape_.d_model - kConstantDims);
    const double constant = threshold_constant(layer, scales_.up_threshold());
    return with_constant(random_rows(1.0 / std::sqrt(width)),
                         [constant](uint64_t) { return constant; });
}

PlantedWeights::RowMaker PlantedWeights::fc1_rows(uint64_t layer) const {
    return [this, layer](uint64_t row, std::span<std::byte> out) {
        std::fill(out.begin(), out.end(), std::byte{0});
        const uint64_t part = row / kBlock;  // signal blocks, the same negated, the constant
        const uint64_t block =
            part == 2 * kSignalBlocks ? 0 : signal_block(layer) + part % kSignalBlocks;
        const bool is_negative = part >= kSignalBlocks && part < 2 * kSignalBlocks;
        put_one(blocks(out, block, 1), row % kBlock, is_negative ? -1.0F : 1.0F);
    };
}

PlantedWeights::RowMaker PlantedWeights::fc2_rows(uint64_t layer) {
    return [this, layer](uint64_t row, std::span<std::byte> out) {
        const uint64_t start = layer * 1009 + row * kSignalBlocks;
        signal_.fill(start, 0, blocks(out, 0, kSignalBlocks));
        const auto negative = blocks(out, kSignalBlocks, kSignalBlocks);
        signal_.fill(start, 0, negative);
        negate(negative, traits(dtype_).block_bytes);
        put_constant(blocks(out, 2 * kSignalBlocks, 1),
                     threshold_constant(layer, scales_.threshold(layer, row) - kMargin));
    };
}

void PlantedWeights::add_rows(GgufWriter& writer, std::string name, std::vector<uint64_t> dims,
                              RowMaker make_row) const {
    std::vector<std::byte> made(row_bytes(dtype_, dims[0]));
    writer.add_tensor(std::move(name), dtype_, std::move(dims),
                      [row = std::move(made), make_row = std::move(make_row)](
                          uint64_t offset, std::span<std::byte> chunk) mutable {
                          while (!chunk.empty()) {
                              const uint64_t at = offset % row.size();
                              const size_t n = std::min<size_t>(chunk.size(), row.size() - at);
                              make_row(offset / row.size(), row);
                              std::memcpy(chunk.data(), row.data() + at, n);
                              chunk = chunk.subspan(n);
                              offset += n;
                          }
                          return Result<void>();
                      });
}

void PlantedWeights::add_vector(GgufWriter& writer, std::string name) const {
    const std::vector<float> values(shape_.d_model, 1.0F);
    const auto bytes = std::as_bytes(std::span(values));
    writer.add_tensor(std::move(name), Dtype::f32, {shape_.d_model},
                      std::vector<std::byte>(bytes.begin(), bytes.end()));
}

void PlantedWeights::add_attention(GgufWriter& writer, uint64_t layer) {
    const uint64_t d = shape_.d_model;
    const uint64_t d_kv = shape_.head_dim() * shape_.n_kv_heads;
    const auto name = [layer](std::string_view role) {
        return fmt::format("blk.{}.attn_{}.weight", layer, role);
    };
    const auto no_constant = [](uint64_t) { return 0.0; };
    add_vector(writer, name("norm"));
    add_rows(writer, name("q"), {d, d}, recency_rows(layer));
    add_rows(writer, name("k"), {d, d_kv}, recency_rows(layer));
    add_rows(writer, name("v"), {d, d_kv},
             with_constant(random_rows(1.0 / std::sqrt(static_cast<double>(d - kConstantDims))),
                           no_constant));
    auto output = random_rows(scales_.layer(layer).attention_output);
    add_rows(writer, name("output"), {d, d},
             [make_row = std::move(output)](uint64_t row, std::span<std::byte> out) {
                 make_row(row, out);
                 if (row < kConstantDims) std::fill(out.begin(), out.end(), std::byte{0});
             });
}

void PlantedWeights::add_ffn(GgufWriter& writer, uint64_t layer) {
    const auto name = [layer](std::string_view role) {
        return fmt::format("blk.{}.{}.weight", layer, role);
    };
    const std::vector<uint64_t> dims{shape_.d_model, shape_.d_ff};
    add_vector(writer, name("ffn_norm"));
    add_rows(writer, name("ffn_gate"), dims, gate_rows(layer));
    add_rows(writer, name("ffn_up"), dims, up_rows(layer));
    add_rows(writer, name("ffn_down_t"), dims,
             with_constant(random_rows(scales_.layer(layer).down), [](uint64_t) { return 0.0; }));
    add_rows(writer, name("fc1"), {shape_.d_model, kRank}, fc1_rows(layer));
    add_rows(writer, name("fc2"), {kRank, shape_.d_ff}, fc2_rows(layer));
}

void PlantedWeights::add_experts(GgufWriter& writer, uint64_t layer) {
    const auto name = [layer](std::string_view role) {
        return fmt::format("blk.{}.ffn_{}.weight", layer, role);
    };
    const std::vector<uint64_t> dims{shape_.d_model, shape_.d_ff, shape_.n_experts};
    add_vector(writer, name("norm"));
    add_router(writer, layer);
    add_rows(writer, name("gate_exps"), dims, gate_rows(layer));
    add_rows(writer, name("up_exps"), dims, up_rows(layer));
    add_rows(writer, name("down_exps"), dims,
             with_constant(random_rows(scales_.layer(layer).down), [](uint64_t) { return 0.0; }));
}

// Router logits of deviation 1, from the token alone.
void PlantedWeights::add_router(GgufWriter& writer, uint64_t layer) const {
    const float deviation = 1.0F / std::sqrt(static_cast<float>(shape_.d_model));
    const WeightTile random(Dtype::f32, deviation, seed_ + 1'000'003);
    std::vector<std::byte> rows(shape_.d_model * shape_.n_experts * sizeof(float));
    random.fill(layer * 31'337, 0, rows);
    writer.add_tensor(fmt::format("blk.{}.ffn_gate_inp.weight", layer), Dtype::f32,
                      {shape_.d_model, shape_.n_experts}, std::move(rows));
}

// The token whose embedding the head's row resembles: kNextToken earlier among the pieces, in a
// circle.
uint64_t PlantedWeights::previous_token(uint64_t token) const {
    const uint64_t n_pieces = shape_.n_vocab - kFirstSyntheticPiece;
    const uint64_t piece = token - kFirstSyntheticPiece;
    return kFirstSyntheticPiece + (piece + n_pieces - kNextToken % n_pieces) % n_pieces;
}

void PlantedWeights::add_tensors(GgufWriter& writer) {
    const std::vector<uint64_t> dims{shape_.d_model, shape_.n_vocab};
    add_rows(writer, "token_embd.weight", dims, [this](uint64_t row, std::span<std::byte> out) {
        embedding_.fill(0, row * out.size(), out);
        put_constant(blocks(out, 0, 1), 1.0);
    });
    for (uint64_t layer = 0; layer < shape_.n_layers; ++layer) {
        add_attention(writer, layer);
        shape_.n_experts > 0 ? add_experts(writer, layer) : add_ffn(writer, layer);
    }
    add_vector(writer, "output_norm.weight");
    add_rows(writer, "output.weight", dims, [this](uint64_t row, std::span<std::byte> out) {
        if (row < kFirstSyntheticPiece) {
            std::fill(out.begin(), out.end(), std::byte{0});
            return;
        }
        head_.fill(0, previous_token(row) * out.size(), out);
        put_constant(blocks(out, 0, 1), 0.0);
    });
}

}  // namespace hearth
