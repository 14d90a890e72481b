#include "bench/offload/file_weights.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "engine/base/bytes.h"
#include "engine/base/file.h"

namespace hearth::bench {

bool is_ffn_matrix(std::string_view name) {
    return name.find(".ffn_gate.") != name.npos || name.find(".ffn_up.") != name.npos ||
           name.find(".ffn_down_t.") != name.npos;
}

FileWeights::FileWeights(Gguf gguf, ModelConfig config)
    : gguf_(std::move(gguf)), config_(std::move(config)) {}

FileWeights::~FileWeights() {
    if (mapping_ != nullptr) ::munmap(const_cast<std::byte*>(mapping_), mapped_bytes_);
}

Result<std::unique_ptr<FileWeights>> FileWeights::open(const std::string& path, Holding holding) {
    HEARTH_TRY(Gguf gguf, Gguf::open(path));
    HEARTH_TRY(ModelConfig config, read_model_config(gguf));
    if (config.n_experts > 0 || !config.is_sparse() ||
        gguf.find("blk.0.ffn_down_t.weight") == nullptr) {
        return make_error(ErrorCode::usage,
                          "{}: a dense ReLU model with ffn_down_t is wanted (hearth-synth writes "
                          "one: --shape 1b-relu)",
                          path);
    }
    std::unique_ptr<FileWeights> made(new FileWeights(std::move(gguf), std::move(config)));
    if (holding == Holding::mapped) {
        HEARTH_TRY_VOID(made->map());
    } else {
        HEARTH_TRY_VOID(made->read_fixed());
    }
    return made;
}

// llama.cpp's way: shared, and told to the kernel as read in order and needed soon.
Result<void> FileWeights::map() {
    const Fd fd(::open(gguf_.path().c_str(), O_RDONLY | O_CLOEXEC));
    mapped_bytes_ = gguf_.file(0).size();
    void* const mapped =
        fd ? ::mmap(nullptr, mapped_bytes_, PROT_READ, MAP_SHARED, fd.get(), 0) : MAP_FAILED;
    if (mapped == MAP_FAILED) {
        return make_error(ErrorCode::machine, "{}: cannot be mapped: {}", gguf_.path(),
                          std::strerror(errno));
    }
    mapping_ = static_cast<const std::byte*>(mapped);
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    ::madvise(mapped, mapped_bytes_, MADV_WILLNEED);
    return take_all();
}

Result<void> FileWeights::read_fixed() {
    uint64_t bytes = 0;
    for (const TensorInfo& tensor : gguf_.tensors()) {
        if (!is_ffn_matrix(tensor.name)) bytes += round_up<uint64_t>(tensor.bytes, kCacheLine);
    }
    weights_.fixed_bytes = bytes;
    weights_.fixed_arena = AlignedBuffer<std::byte>(bytes);
    return take_all();
}

Result<const TensorInfo*> FileWeights::find(const std::string& name) const {
    const TensorInfo* const tensor = gguf_.find(name);
    if (tensor != nullptr) return tensor;
    return make_error(ErrorCode::bad_file, "{}: tensor '{}' is missing", gguf_.path(), name);
}

// Where the tensor's bytes are, reading them if they are to be read.
Result<const std::byte*> FileWeights::place(const TensorInfo& tensor) {
    if (mapping_ != nullptr) return mapping_ + tensor.offset;
    if (is_ffn_matrix(tensor.name)) return nullptr;
    std::byte* const data = weights_.fixed_arena.data() + used_bytes_;
    used_bytes_ += round_up<size_t>(tensor.bytes, kCacheLine);
    HEARTH_TRY_VOID(
        read_exact(gguf_.file(tensor.file), tensor.offset, std::span(data, tensor.bytes)));
    return data;
}

Result<MatrixView> FileWeights::matrix(const std::string& name) {
    HEARTH_TRY(const TensorInfo* const tensor, find(name));
    HEARTH_TRY(const std::byte* const data, place(*tensor));
    return MatrixView{tensor->dtype, data, tensor->dims[1], tensor->dims[0],
                      row_bytes(tensor->dtype, tensor->dims[0])};
}

Result<const float*> FileWeights::vector(const std::string& name) {
    HEARTH_TRY(const TensorInfo* const tensor, find(name));
    HEARTH_TRY(const std::byte* const data, place(*tensor));
    return reinterpret_cast<const float*>(data);
}

Result<void> FileWeights::take_layer(size_t i, LayerWeights& layer) {
    const auto name = [i](std::string_view role) {
        return fmt::format("blk.{}.{}.weight", i, role);
    };
    HEARTH_TRY(layer.attention_norm, vector(name("attn_norm")));
    HEARTH_TRY(layer.q.weight, matrix(name("attn_q")));
    HEARTH_TRY(layer.k.weight, matrix(name("attn_k")));
    HEARTH_TRY(layer.v.weight, matrix(name("attn_v")));
    HEARTH_TRY(layer.attention_output.weight, matrix(name("attn_output")));
    HEARTH_TRY(layer.ffn_norm, vector(name("ffn_norm")));
    layer.ffn.resize(1);
    FfnWeights& ffn = layer.ffn.front();
    ffn.down_is_transposed = true;
    HEARTH_TRY(ffn.gate, matrix(name("ffn_gate")));
    HEARTH_TRY(ffn.up, matrix(name("ffn_up")));
    HEARTH_TRY(ffn.down, matrix(name("ffn_down_t")));
    if (gguf_.find(name("fc1")) == nullptr) return {};
    HEARTH_TRY(layer.predictor.fc1, matrix(name("fc1")));
    HEARTH_TRY(layer.predictor.fc2, matrix(name("fc2")));
    layer.predictor.threshold = config_.predictor_threshold;
    weights_.max_predictor_rank = std::max(weights_.max_predictor_rank, layer.predictor.fc1.rows);
    return {};
}

Result<void> FileWeights::take_all() {
    weights_.layers.resize(config_.n_layers);
    HEARTH_TRY(weights_.embedding.table, matrix("token_embd.weight"));
    for (size_t i = 0; i < config_.n_layers; ++i) {
        HEARTH_TRY_VOID(take_layer(i, weights_.layers[i]));
    }
    HEARTH_TRY(weights_.output_norm, vector("output_norm.weight"));
    const bool is_tied = gguf_.find("output.weight") == nullptr;
    HEARTH_TRY(weights_.output,
               is_tied ? Result<MatrixView>(weights_.embedding.table) : matrix("output.weight"));
    return {};
}

}  // namespace hearth::bench
