// Models of any shape with synthetic weights: for measuring speed, not for talking to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/synth/weight_tile.h"
#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/gguf/gguf_writer.h"

namespace hearth {

// A dense llama-like model.
struct SyntheticShape {
    std::string architecture = "llama";  // any that has llama's tensors; qwen2 gets its biases
    uint64_t n_layers = 16;
    uint64_t d_model = 2048;
    uint64_t n_heads = 32;
    uint64_t n_kv_heads = 8;
    uint64_t d_ff = 8192;
    uint64_t n_vocab = 32'000;
    uint64_t context_length = 8192;
    float rope_base = 500'000.0f;
    bool tied_head = false;
};

// "1b" (Llama-3.2-1B), "7b" (Mistral-7B), "8b" (Llama-3-8B, its vocabulary of 128,256); the first
// two with 32,000 tokens. A usage error lists them.
Result<SyntheticShape> preset_shape(std::string_view name);

struct SyntheticOptions {
    SyntheticShape shape;
    Dtype dtype = Dtype::q4_0;       // of the layers' matrices and the embedding
    Dtype head_dtype = Dtype::q4_0;  // of output.weight (not with a tied head)
    std::string ffn_activation;      // key hearth.ffn_activation; not written when empty
    uint64_t seed = 1;
};

// The model ready to be streamed to a file.
class SyntheticModel {
  public:
    // A usage error when the shape does not work out (rows that are not whole blocks, heads that do
    // not divide).
    static Result<SyntheticModel> create(const SyntheticOptions& options);

    uint64_t file_bytes() const { return writer_.file_bytes(); }
    // As GgufWriter::write().
    Result<void> write(const std::string& path) const { return writer_.write(path); }
    // As GgufWriter::bytes(): for tests of small shapes.
    Result<std::vector<std::byte>> bytes() const { return writer_.bytes(); }

  private:
    explicit SyntheticModel(const SyntheticOptions& options)
        : options_(options), shape_(options.shape) {}

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
    GgufWriter writer_;
    uint64_t n_matrices_ = 0;
};

}  // namespace hearth
