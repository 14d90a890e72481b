#include "engine/model/config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "engine/base/printable.h"
namespace hearth {

namespace {

constexpr uint64_t kMaxLayers = 1024;
constexpr uint64_t kMaxWidth = uint64_t{1} << 20;
constexpr uint64_t kMaxHeads = 4096;
constexpr uint64_t kMaxContext = uint64_t{1} << 27;
constexpr uint64_t kMaxVocab = uint64_t{1} << 21;
constexpr uint64_t kMaxExperts = 1024;
constexpr size_t kSmallthinkerWindow = 4096;

struct Family {
    std::string_view architecture;
    RopeLayout layout;
    FfnActivation activation;
    QkNorm qk_norm;
    RoutingConfig routing;  // of its mixtures
};

using Gating = RoutingConfig::Gating;
constexpr RoutingConfig kRenormalized{Gating::softmax, true, false};

// Sources: formats-and-kernels 1.2 to 1.4.
constexpr std::array kFamilies{
    Family{"llama", RopeLayout::interleaved, FfnActivation::silu, QkNorm::none, kRenormalized},
    Family{"bamboo", RopeLayout::interleaved, FfnActivation::drelu, QkNorm::none, kRenormalized},
    Family{"qwen2", RopeLayout::halves, FfnActivation::silu, QkNorm::none, kRenormalized},
    Family{"qwen3", RopeLayout::halves, FfnActivation::silu, QkNorm::per_head, kRenormalized},
    Family{"qwen3moe", RopeLayout::halves, FfnActivation::silu, QkNorm::per_head, kRenormalized},
    Family{"olmoe",
           RopeLayout::halves,
           FfnActivation::silu,
           QkNorm::per_row,
           {Gating::softmax, false, false}},
    Family{"smallthinker",
           RopeLayout::halves,
           FfnActivation::relu,
           QkNorm::none,
           {Gating::sigmoid, true, true}},
};

Result<Family> find_family(const Gguf& gguf, const std::string& architecture) {
    std::string known;
    for (const Family& family : kFamilies) {
        if (family.architecture == architecture) return family;
        known += known.empty() ? "" : ", ";
        known += family.architecture;
    }
    return make_error(
        ErrorCode::bad_file,
        "{}: architecture '{}' is not supported, general.architecture (hearth runs: {})",
        gguf.path(), printable(architecture), known);
}

// Keys that may hold one number or one per layer; hearth runs models whose layers are alike.
Result<uint64_t> uniform_uint(const Metadata& metadata, const std::string& key, uint64_t low,
                              uint64_t high) {
    const MetadataValue* value = metadata.find(key);
    if (value == nullptr || (!std::holds_alternative<std::vector<uint64_t>>(*value) &&
                             !std::holds_alternative<std::vector<int64_t>>(*value))) {
        return metadata.require_uint(key, low, high);
    }
    HEARTH_TRY(const auto array, metadata.optional_ints(key));
    const std::vector<int64_t> values = array.value_or(std::vector<int64_t>{});
    for (const int64_t v : values) {
        if (v != values.front() || v < 0 || static_cast<uint64_t>(v) < low ||
            static_cast<uint64_t>(v) > high) {
            return make_error(
                ErrorCode::bad_file,
                "{}: {} differs between layers or is out of range, value {}, range {} to {} "
                "(layers of different shape are not supported)",
                metadata.path(), key, v, low, high);
        }
    }
    if (values.empty()) {
        return make_error(ErrorCode::bad_file, "{}: {} is an empty array", metadata.path(), key);
    }
    return static_cast<uint64_t>(values.front());
}

Result<FfnActivation> read_activation(const Gguf& gguf, const Family& family) {
    const Metadata& metadata = gguf.metadata();
    HEARTH_TRY(const auto named, metadata.optional_string("hearth.ffn_activation"));
    if (named) {
        for (const auto activation : {FfnActivation::silu, FfnActivation::gelu, FfnActivation::relu,
                                      FfnActivation::drelu}) {
            if (*named == to_string(activation)) return activation;
        }
        return make_error(
            ErrorCode::bad_file,
            "{}: unknown FFN activation '{}', hearth.ffn_activation (silu, gelu, relu "
            "or drelu)",
            gguf.path(), printable(*named));
    }
    // The PWRI magic is the only sign that a `llama` file is a ReLU model
    // (formats-and-kernels 1.2).
    if (gguf.magic() == Gguf::Magic::pwri && family.architecture == "llama") {
        return FfnActivation::relu;
    }
    return family.activation;
}

Result<RopeConfig> read_rope(const Metadata& metadata, const std::string& prefix,
                             const Family& family, const ModelConfig& config) {
    RopeConfig rope;
    rope.layout = family.layout;
    HEARTH_TRY(const auto n_rot,
               metadata.optional_uint(prefix + "rope.dimension_count", 2, config.head_dim));
    rope.n_rot = n_rot.value_or(config.head_dim);
    if (rope.n_rot % 2 != 0) {
        return make_error(ErrorCode::bad_file, "{}: odd number of rotated dimensions, {}, {}",
                          metadata.path(), prefix + "rope.dimension_count", rope.n_rot);
    }
    HEARTH_TRY(const auto base, metadata.optional_float(prefix + "rope.freq_base", 1.0, 1e12));
    rope.base = static_cast<float>(base.value_or(10000.0));

    HEARTH_TRY(const auto type, metadata.optional_string(prefix + "rope.scaling.type"));
    HEARTH_TRY(auto factor, metadata.optional_float(prefix + "rope.scaling.factor", 0.0, 1e6));
    if (!factor) {
        HEARTH_TRY(factor, metadata.optional_float(prefix + "rope.scale_linear", 0.0, 1e6));
    }
    rope.factor = static_cast<float>(factor.value_or(1.0));
    if (rope.factor <= 0.0F) rope.factor = 1.0F;
    if (!type) {
        if (rope.factor != 1.0F) rope.scaling = RopeScaling::linear;
    } else if (*type == "linear") {
        rope.scaling = RopeScaling::linear;
    } else if (*type == "yarn") {
        rope.scaling = RopeScaling::yarn;
    } else if (*type != "none") {
        return make_error(
            ErrorCode::bad_file,
            "{}: RoPE scaling '{}' is not supported, {}rope.scaling.type (none, linear, "
            "yarn)",
            metadata.path(), printable(*type), prefix);
    }
    if (rope.scaling == RopeScaling::none) rope.factor = 1.0F;
    HEARTH_TRY(
        const auto original,
        metadata.optional_uint(prefix + "rope.scaling.original_context_length", 0, kMaxContext));
    rope.original_context = original.value_or(0);
    if (rope.original_context == 0) rope.original_context = config.n_ctx_train;
    HEARTH_TRY(const auto attention_factor,
               metadata.optional_float(prefix + "rope.scaling.attn_factor", 0.0, 100.0));
    rope.attention_factor = static_cast<float>(attention_factor.value_or(1.0));
    return rope;
}

Result<void> read_experts(const Metadata& metadata, const std::string& prefix, const Family& family,
                          ModelConfig& config) {
    HEARTH_TRY(const auto n_experts,
               metadata.optional_uint(prefix + "expert_count", 0, kMaxExperts));
    config.n_experts = n_experts.value_or(0);
    if (config.n_experts == 0) return {};
    HEARTH_TRY(config.n_experts_used,
               metadata.require_uint(prefix + "expert_used_count", 1, config.n_experts));
    HEARTH_TRY(const auto d_ff,
               metadata.optional_uint(prefix + "expert_feed_forward_length", 1, kMaxWidth));
    config.d_ff = d_ff.value_or(config.d_ff);
    config.routing = family.routing;
    HEARTH_TRY(const auto gating, metadata.optional_uint(prefix + "expert_gating_func", 1, 2));
    if (gating) config.routing.gating = *gating == 1 ? Gating::softmax : Gating::sigmoid;
    return {};
}

// smallthinker: three of four layers see a window, and those of the fourth are not rotated. Within
// the window the two kinds attend alike, so the context is held to it.
Result<void> read_sliding_window(const Metadata& metadata, const std::string& prefix,
                                 ModelConfig& config) {
    if (config.architecture != "smallthinker") return {};
    HEARTH_TRY(const auto window,
               metadata.optional_uint(prefix + "attention.sliding_window", 0, kMaxContext));
    if (window.value_or(0) == 0) return {};
    config.rotates_three_of_four = true;
    config.n_ctx_max = kSmallthinkerWindow;
    config.n_ctx_train = std::min(config.n_ctx_train, config.n_ctx_max);
    return {};
}

}  // namespace

size_t default_context(const ModelConfig& config) {
    constexpr size_t kMostByDefault = 4096;
    return std::min(config.n_ctx_train, kMostByDefault);
}

Result<ModelConfig> read_model_config(const Gguf& gguf) {
    const Metadata& metadata = gguf.metadata();
    ModelConfig config;
    HEARTH_TRY(config.architecture, metadata.require_string("general.architecture"));
    HEARTH_TRY(const Family family, find_family(gguf, config.architecture));
    const std::string prefix = config.architecture + ".";

    HEARTH_TRY(config.n_layers, metadata.require_uint(prefix + "block_count", 1, kMaxLayers));
    HEARTH_TRY(config.d_model, metadata.require_uint(prefix + "embedding_length", 1, kMaxWidth));
    HEARTH_TRY(config.n_ctx_train,
               metadata.require_uint(prefix + "context_length", 1, kMaxContext));
    config.n_ctx_max = kMaxContext;
    HEARTH_TRY(config.d_ff, uniform_uint(metadata, prefix + "feed_forward_length", 1, kMaxWidth));
    HEARTH_TRY(config.n_heads,
               uniform_uint(metadata, prefix + "attention.head_count", 1, kMaxHeads));
    config.n_kv_heads = config.n_heads;
    if (metadata.find(prefix + "attention.head_count_kv") != nullptr) {
        HEARTH_TRY(config.n_kv_heads,
                   uniform_uint(metadata, prefix + "attention.head_count_kv", 1, config.n_heads));
    }
    if (config.n_heads % config.n_kv_heads != 0) {
        return make_error(ErrorCode::bad_file,
                          "{}: {} attention heads do not divide among {} key-value heads, "
                          "{}attention.head_count_kv",
                          gguf.path(), config.n_heads, config.n_kv_heads, prefix);
    }

    HEARTH_TRY(const auto key_length,
               metadata.optional_uint(prefix + "attention.key_length", 1, kMaxWidth));
    HEARTH_TRY(const auto value_length,
               metadata.optional_uint(prefix + "attention.value_length", 1, kMaxWidth));
    if (!key_length && config.d_model % config.n_heads != 0) {
        return make_error(ErrorCode::bad_file,
                          "{}: width {} does not divide among {} heads, {}attention.head_count",
                          gguf.path(), config.d_model, config.n_heads, prefix);
    }
    config.head_dim = key_length.value_or(config.d_model / config.n_heads);
    if (value_length.value_or(config.head_dim) != config.head_dim) {
        return make_error(
            ErrorCode::bad_file,
            "{}: keys of {} and values of {} dimensions, {}attention.value_length (equal "
            "lengths are supported)",
            gguf.path(), config.head_dim, *value_length, prefix);
    }
    if (config.q_dim() > kMaxWidth) {
        return make_error(ErrorCode::bad_file, "{}: {} heads of {} dimensions, at most {} in all",
                          gguf.path(), config.n_heads, config.head_dim, kMaxWidth);
    }

    HEARTH_TRY(const double eps,
               metadata.require_float(prefix + "attention.layer_norm_rms_epsilon", 0.0, 1.0));
    config.rms_eps = static_cast<float>(eps);
    config.qk_norm = family.qk_norm;
    HEARTH_TRY_VOID(read_experts(metadata, prefix, family, config));
    HEARTH_TRY(config.activation, read_activation(gguf, family));
    HEARTH_TRY(const auto threshold,
               metadata.optional_float("powerinfer.sparse_threshold", -1e6, 1e6));
    config.predictor_threshold = static_cast<float>(threshold.value_or(0.0));
    HEARTH_TRY(config.rope, read_rope(metadata, prefix, family, config));
    HEARTH_TRY_VOID(read_sliding_window(metadata, prefix, config));

    const TensorInfo* embedding = gguf.find("token_embd.weight");
    if (embedding == nullptr) {
        return make_error(
            ErrorCode::bad_file,
            "{}: no tensor 'token_embd.weight' among {} (a vocabulary only? it cannot run)",
            gguf.path(), gguf.tensors().size());
    }
    config.n_vocab = embedding->dims[1];
    if (config.n_vocab < 1 || config.n_vocab > kMaxVocab) {
        return make_error(ErrorCode::bad_file,
                          "{}: {} embeddings, token_embd.weight, range 1 to {}", gguf.path(),
                          config.n_vocab, kMaxVocab);
    }
    return config;
}

}  // namespace hearth
