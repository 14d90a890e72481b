#include "bench/synth/synthetic_model.h"

#include <cmath>
#include <span>
#include <utility>

#include "bench/synth/synthetic_vocabulary.h"
#include "engine/kernels/quantize_weights.h"

namespace hearth {

namespace {

// What only planted models need, and what only they can have.
Result<void> check_planted(const SyntheticOptions& options) {
    const SyntheticShape& s = options.shape;
    const auto bad = [](std::string_view what) { return make_error(ErrorCode::usage, "{}", what); };
    if (!s.is_planted()) {
        if (s.n_experts > 0) return bad("a mixture needs --active");
        return {};
    }
    if (s.architecture != "llama" || s.tied_head || s.d_model < 256) {
        return bad("--active needs --arch llama, a head of its own and --d-model of 256 or more");
    }
    if (s.ffn_activation != "relu" && s.ffn_activation != "drelu") {
        return bad("--active needs --ffn-activation relu or drelu");
    }
    if (!(s.active_fraction >= 0.01 && s.active_fraction <= 0.4)) {
        return bad("--active is 0.01 to 0.4");
    }
    if (!PlantedWeights::can_write(options.dtype) || options.head_dtype != options.dtype) {
        return bad("--active needs --type q4_0, q5_0 or q8_0, and the same --head-type");
    }
    return {};
}

Result<void> check(const SyntheticOptions& options) {
    const SyntheticShape& s = options.shape;
    const auto bad = [](std::string_view what) { return make_error(ErrorCode::usage, "{}", what); };
    if (s.architecture != "llama" && s.architecture != "qwen2") {
        return bad("--arch is llama or qwen2");
    }
    if (s.n_layers < 1 || s.n_layers > 1024) return bad("--layers is 1 to 1024");
    if (s.d_model < 32 || s.d_model > 1 << 20) return bad("--d-model is 32 to 1048576");
    if (s.d_ff < 32 || s.d_ff > 1 << 20) return bad("--ff is 32 to 1048576");
    if (s.n_heads < 1 || s.n_kv_heads < 1 || s.n_heads % s.n_kv_heads != 0 ||
        s.d_model % (2 * s.n_heads) != 0) {
        return bad("--kv-heads must divide --heads, and 2 x --heads must divide --d-model");
    }
    if (s.n_vocab < kMinVocabulary || s.n_vocab > uint64_t{1} << 21) {
        return bad("--vocab is 512 to 2097152");
    }
    for (const Dtype dtype : {options.dtype, options.head_dtype}) {
        if (!can_quantize(dtype)) {
            return make_error(ErrorCode::usage, "{} cannot be written", traits(dtype).name);
        }
        const size_t block = traits(dtype).block_elements;
        if (s.d_model % block != 0 || s.d_ff % block != 0) {
            return make_error(ErrorCode::usage, "--d-model and --ff must be multiples of {} for {}",
                              block, traits(dtype).name);
        }
    }
    return check_planted(options);
}

}  // namespace

SyntheticModel::SyntheticModel(const SyntheticOptions& options)
    : options_(options),
      shape_(options.shape),
      writer_(shape_.is_planted() && shape_.n_experts == 0 ? Gguf::Magic::pwri
                                                           : Gguf::Magic::gguf) {}

Result<SyntheticModel> SyntheticModel::create(const SyntheticOptions& options) {
    HEARTH_TRY_VOID(check(options));
    SyntheticModel model(options);
    model.set_hyperparameters();
    set_synthetic_vocabulary(model.writer_, model.shape_.n_vocab);
    model.add_tensors();
    return model;
}

void SyntheticModel::set(std::string_view key, uint64_t value) {
    writer_.set(fmt::format("{}.{}", shape_.architecture, key), static_cast<uint32_t>(value));
}
void SyntheticModel::set(std::string_view key, float value) {
    writer_.set(fmt::format("{}.{}", shape_.architecture, key), value);
}

void SyntheticModel::set_hyperparameters() {
    writer_.set("general.architecture", shape_.architecture);
    writer_.set("general.name", "synthetic weights, for measuring speed only");
    set("block_count", shape_.n_layers);
    set("context_length", shape_.context_length);
    set("embedding_length", shape_.d_model);
    set("feed_forward_length", shape_.d_ff);
    set("attention.head_count", shape_.n_heads);
    set("attention.head_count_kv", shape_.n_kv_heads);
    set("attention.layer_norm_rms_epsilon", 1e-5f);
    set("rope.dimension_count", shape_.d_model / shape_.n_heads);
    set("rope.freq_base", shape_.rope_base);
    set("vocab_size", shape_.n_vocab);
    if (!shape_.ffn_activation.empty()) {
        writer_.set("hearth.ffn_activation", shape_.ffn_activation);
    }
    if (shape_.n_experts > 0) {
        set("expert_count", shape_.n_experts);
        set("expert_used_count", shape_.n_experts_used);
    } else if (shape_.is_planted()) {
        writer_.set("powerinfer.sparse_threshold", 0.0f);
    }
}

// Deviation 1 / sqrt(cols): a matrix gives outputs as large as its inputs.
const WeightTile& SyntheticModel::tile(Dtype dtype, uint64_t cols) {
    const auto known = tiles_.find({dtype, cols});
    if (known != tiles_.end()) return known->second;
    const float deviation = 1.0f / std::sqrt(static_cast<float>(cols));
    WeightTile made(dtype, deviation, options_.seed + cols);
    return tiles_.emplace(std::pair(dtype, cols), std::move(made)).first->second;
}

void SyntheticModel::add_matrix(std::string name, Dtype dtype, uint64_t cols, uint64_t rows) {
    const uint64_t start = options_.seed + 7919 * n_matrices_++;
    writer_.add_tensor(
        std::move(name), dtype, {cols, rows},
        [from = &tile(dtype, cols), start](uint64_t offset, std::span<std::byte> chunk) {
            from->fill(start, offset, chunk);
            return Result<void>();
        });
}

void SyntheticModel::add_vector(std::string name, uint64_t n, float value) {
    const std::vector<float> values(n, value);
    const auto bytes = std::as_bytes(std::span(values));
    writer_.add_tensor(std::move(name), Dtype::f32, {n},
                       std::vector<std::byte>(bytes.begin(), bytes.end()));
}

void SyntheticModel::add_layer(uint64_t layer) {
    const uint64_t d = shape_.d_model;
    const uint64_t d_kv = d / shape_.n_heads * shape_.n_kv_heads;
    const Dtype type = options_.dtype;
    const auto name = [layer](std::string_view role) {
        return fmt::format("blk.{}.{}", layer, role);
    };
    add_vector(name("attn_norm.weight"), d, 1.0f);
    add_matrix(name("attn_q.weight"), type, d, d);
    add_matrix(name("attn_k.weight"), type, d, d_kv);
    add_matrix(name("attn_v.weight"), type, d, d_kv);
    add_matrix(name("attn_output.weight"), type, d, d);
    if (shape_.architecture == "qwen2") {
        add_vector(name("attn_q.bias"), d, 0.0f);
        add_vector(name("attn_k.bias"), d_kv, 0.0f);
        add_vector(name("attn_v.bias"), d_kv, 0.0f);
    }
    add_vector(name("ffn_norm.weight"), d, 1.0f);
    add_matrix(name("ffn_gate.weight"), type, d, shape_.d_ff);
    add_matrix(name("ffn_up.weight"), type, d, shape_.d_ff);
    add_matrix(name("ffn_down.weight"), type, shape_.d_ff, d);
}

void SyntheticModel::add_tensors() {
    if (shape_.is_planted()) {
        planted_ = std::make_unique<PlantedWeights>(shape_, options_.dtype, options_.seed);
        planted_->add_tensors(writer_);
        return;
    }
    add_matrix("token_embd.weight", options_.dtype, shape_.d_model, shape_.n_vocab);
    for (uint64_t layer = 0; layer < shape_.n_layers; ++layer) add_layer(layer);
    add_vector("output_norm.weight", shape_.d_model, 1.0f);
    if (!shape_.tied_head) {
        add_matrix("output.weight", options_.head_dtype, shape_.d_model, shape_.n_vocab);
    }
}

}  // namespace hearth
