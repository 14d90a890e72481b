// PlantedWeights: the tensors of a synthetic model whose FFN neurons fire like a trained ReLU
// model's, so that streaming by neurons can be measured on a model nobody has to train or download.
//
// What is planted (figures in bench/README.md, checked by planted_model_test):
//   - firing rates of their own for all neurons, the hottest fifth making two thirds of the
//     activations: the residual's first 32 dimensions are 1 in all layers, and the first block of a
//     gate row holds minus the neuron's threshold;
//   - who fires depends on the token and on its neighbours: a gate row reads three blocks of the
//     residual (others in each layer) with large random weights, all the rest with small ones; and
//     attention looks back over a dozen tokens, so a part of who fires persists;
//   - a predictor can know it: fc1 hands the three blocks through (as relu(x) and relu(-x)), fc2
//     has the gate's own weights for them and its threshold less a margin. What the gate reads
//     beside them is what the predictor misses;
//   - greedy text that goes on: the head likes the piece 389 further in the vocabulary, unless the
//     context likes another one better; special tokens are never liked.
// The rest is random (WeightTile), so that a file is written as fast as a disk takes it.
//
// Layout: PowerInfer's, magic PWRI with ffn_down_t, fc1 and fc2; mixtures have merged experts, down
// transposed, and no predictor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/synth/planted_scales.h"
#include "bench/synth/synthetic_shape.h"
#include "bench/synth/weight_tile.h"
#include "engine/gguf/dtype.h"
#include "engine/gguf/gguf_writer.h"

namespace hearth {

class PlantedWeights {
  public:
    // Types of 32 weights a block whose scale comes first: q4_0, q5_0, q8_0.
    static bool can_write(Dtype dtype);

    PlantedWeights(const SyntheticShape& shape, Dtype dtype, uint64_t seed);
    PlantedWeights(const PlantedWeights&) = delete;
    PlantedWeights& operator=(const PlantedWeights&) = delete;

    // All tensors of the model. The writer calls back into this object.
    void add_tensors(GgufWriter& writer);

  private:
    // Writes the blocks of one row.
    using RowMaker = std::function<void(uint64_t row, std::span<std::byte> out)>;

    const WeightTile& tile(double deviation);
    WeightTile make_head_tile() const;
    std::span<std::byte> blocks(std::span<std::byte> row, uint64_t first, uint64_t n) const;
    void put_constant(std::span<std::byte> block, double value) const;
    void put_one(std::span<std::byte> block, uint64_t i, float value) const;
    uint64_t signal_block(uint64_t layer) const;
    uint64_t previous_token(uint64_t token) const;
    double constant_for(double value) const;
    double threshold_constant(uint64_t layer, double threshold) const;

    RowMaker random_rows(double deviation);
    RowMaker with_constant(RowMaker rows, std::function<double(uint64_t row)> value) const;
    RowMaker recency_rows(uint64_t layer);
    RowMaker gate_rows(uint64_t layer);
    RowMaker up_rows(uint64_t layer);
    RowMaker fc1_rows(uint64_t layer) const;
    RowMaker fc2_rows(uint64_t layer);

    void add_rows(GgufWriter& writer, std::string name, std::vector<uint64_t> dims,
                  RowMaker make_row) const;
    void add_vector(GgufWriter& writer, std::string name) const;
    void add_attention(GgufWriter& writer, uint64_t layer);
    void add_ffn(GgufWriter& writer, uint64_t layer);
    void add_experts(GgufWriter& writer, uint64_t layer);
    void add_router(GgufWriter& writer, uint64_t layer) const;

    SyntheticShape shape_;
    Dtype dtype_;
    uint64_t seed_;
    PlantedScales scales_;
    std::map<double, WeightTile> tiles_;  // by deviation; row makers point into it
    WeightTile embedding_;
    WeightTile head_;
    WeightTile signal_;           // what gates and predictors read the signal with
    uint64_t n_random_rows_ = 0;  // matrices so far: each begins elsewhere in its tile
};

}  // namespace hearth
