// The weights of a dense ReLU model with transposed down, held other than the engine holds them:
// what the contestants of bench_offload compute with.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/aligned_buffer.h"
#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"

namespace hearth::bench {

class FileWeights {
  public:
    enum class Holding {
        mapped,  // all tensors are a mapping of the file, as llama.cpp's are by default
        fixed,   // all but the FFN's matrices are read into memory; those have no data
    };

    // Errors: as Gguf::open(), and usage for a model with experts, with another activation than
    // ReLU or dReLU, or with down untransposed.
    static Result<std::unique_ptr<FileWeights>> open(const std::string& path, Holding holding);
    ~FileWeights();
    FileWeights(const FileWeights&) = delete;
    FileWeights& operator=(const FileWeights&) = delete;

    const Gguf& gguf() const { return gguf_; }
    const ModelConfig& config() const { return config_; }
    const Weights& weights() const { return weights_; }

  private:
    FileWeights(Gguf gguf, ModelConfig config);
    Result<void> map();
    Result<void> read_fixed();
    Result<const TensorInfo*> find(const std::string& name) const;
    Result<const std::byte*> place(const TensorInfo& tensor);
    Result<MatrixView> matrix(const std::string& name);
    Result<const float*> vector(const std::string& name);
    Result<void> take_layer(size_t i, LayerWeights& layer);
    Result<void> take_all();

    Gguf gguf_;
    ModelConfig config_;
    Weights weights_;
    const std::byte* mapping_ = nullptr;
    size_t mapped_bytes_ = 0;
    size_t used_bytes_ = 0;  // of weights_.fixed_arena
};

// Whether a tensor belongs to an FFN: what streaming leaves on disk.
bool is_ffn_matrix(std::string_view tensor_name);

}  // namespace hearth::bench
