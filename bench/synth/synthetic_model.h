// Models of any shape with synthetic weights: for measuring speed, not for talking to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/synth/planted_weights.h"
#include "bench/synth/synthetic_shape.h"
#include "bench/synth/weight_tile.h"
#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/gguf/gguf_writer.h"

namespace hearth {

struct SyntheticOptions {
    SyntheticShape shape;
    Dtype dtype = Dtype::q4_0;       // of the layers' matrices and the embedding
    Dtype head_dtype = Dtype::q4_0;  // of output.weight (not with a tied head)
    uint64_t seed = 1;
};

// The model ready to be streamed to a file.
class SyntheticModel {
  public:
    // A usage error when the shape does not work out (rows that are not whole blocks, heads that do
    // not divide) or cannot be planted (type, architecture, activation).
    static Result<SyntheticModel> create(const SyntheticOptions& options);

    uint64_t file_bytes() const { return writer_.file_bytes(); }
    // As GgufWriter::write().
    Result<void> write(const std::string& path) const { return writer_.write(path); }
    // As GgufWriter::bytes(): for tests of small shapes.
    Result<std::vector<std::byte>> bytes() const { return writer_.bytes(); }

  private:
    explicit SyntheticModel(const SyntheticOptions& options);

    void set(std::string_view key, uint64_t value);
    void set(std::string_view key, float value);
    void set_hyperparameters();
    void add_tensors();
    void add_layer(uint64_t layer);
    void add_matrix(std::string name, Dtype dtype, uint64_t cols, uint64_t rows);
    void add_vector(std::string name, uint64_t n, float value);
    const WeightTile& tile(Dtype dtype, uint64_t cols);

    SyntheticOptions options_;
    SyntheticShape shape_;
    // Shared by all matrices of one type and row length. The writer's callbacks point into the map,
    // whose nodes stay where they are when it is moved.
    std::map<std::pair<Dtype, uint64_t>, WeightTile> tiles_;
    std::unique_ptr<PlantedWeights> planted_;  // instead of the tiles; also called back
    GgufWriter writer_;
    uint64_t n_matrices_ = 0;
};

}  // namespace hearth
