// Files that are good GGUF and bad models: a tiny model with one thing changed.
#include <limits>

#include "engine/base/check.h"
#include "engine/gguf/gguf.h"
#include "tests/data/memory_file.h"
#include "tests/data/tiny_model.h"
#include "tests/fault/malformed_gguf.h"

namespace hearth {

namespace {

std::vector<std::byte> bytes_of(const GgufWriter& writer) {
    auto bytes = writer.bytes();
    HEARTH_CHECK(bytes.has_value());
    return std::move(*bytes);
}

// The tiny model with `key` set to `value`.
std::vector<std::byte> with(std::string key, GgufWriter::Value value) {
    GgufWriter writer = tiny_model();
    writer.set(std::move(key), std::move(value));
    return bytes_of(writer);
}

std::vector<std::byte> without(std::string_view key) {
    GgufWriter writer = tiny_model();
    writer.erase(key);
    return bytes_of(writer);
}

std::vector<std::string> tiny_tokens() {
    const auto gguf = Gguf::parse(std::make_unique<MemoryFile>(bytes_of(tiny_model())));
    HEARTH_CHECK(gguf.has_value());
    return **gguf->metadata().optional_strings("tokenizer.ggml.tokens");
}

std::vector<std::byte> with_token(size_t id, std::string text) {
    auto tokens = tiny_tokens();
    tokens[id] = std::move(text);
    return with("tokenizer.ggml.tokens", std::move(tokens));
}

// Declared to begin with a BOS that the file does not have.
std::vector<std::byte> without_bos() {
    TinyModelOptions options;
    options.vocabulary = TinyModelOptions::Vocabulary::bpe;
    GgufWriter writer = tiny_model(options);
    writer.set("tokenizer.ggml.add_bos_token", true);
    writer.erase("tokenizer.ggml.bos_token_id");
    return bytes_of(writer);
}

std::vector<std::byte> with_experts(uint32_t n_experts, uint32_t n_used) {
    GgufWriter writer = tiny_model();
    writer.set("llama.expert_count", n_experts);
    writer.set("llama.expert_used_count", n_used);
    return bytes_of(writer);
}

std::vector<std::byte> vocabulary_only() {
    TinyModelOptions options;
    options.vocabulary_only = true;
    return bytes_of(tiny_model(options));
}

std::vector<MalformedGguf> bad_configs() {
    const auto by = RefusedBy::config;
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    return {
        {"architecture_unknown", by, "'perceptron'", with("general.architecture", "perceptron")},
        {"architecture_escape", by, "\\x1b]52", with("general.architecture", "\x1b]52;c;eA==\x07")},
        {"architecture_missing", by, "general.architecture", without("general.architecture")},
        {"block_count_type", by, "llama.block_count", with("llama.block_count", "2")},
        {"layers_max", by, "llama.block_count", with("llama.block_count", UINT32_MAX)},
        {"heads_0", by, "head_count", with("llama.attention.head_count", 0u)},
        {"kv_heads_0", by, "head_count_kv", with("llama.attention.head_count_kv", 0u)},
        {"heads_not_divisible", by, "head_count_kv", with("llama.attention.head_count_kv", 3u)},
        {"experts_used_0", by, "expert_used_count", with_experts(8, 0)},
        {"context_0", by, "context_length", with("llama.context_length", 0u)},
        {"eps_nan", by, "rms_epsilon", with("llama.attention.layer_norm_rms_epsilon", kNan)},
        {"rope_odd", by, "rope.dimension_count", with("llama.rope.dimension_count", 15u)},
        {"activation_unknown", by, "hearth.ffn_activation", with("hearth.ffn_activation", "tanh")},
        {"vocabulary_only", by, "vocab", vocabulary_only()},
    };
}

std::vector<MalformedGguf> bad_tokenizers() {
    const auto by = RefusedBy::tokenizer;
    const size_t n_vocab = tiny_tokens().size();
    const std::string scores = "tokenizer.ggml.scores";
    const std::string types = "tokenizer.ggml.token_type";
    return {
        {"scores_u8", by, scores, with(scores, std::vector<uint8_t>(n_vocab, 1))},
        {"types_u8", by, types, with(types, std::vector<uint8_t>(n_vocab, 1))},
        {"scores_short", by, scores, with(scores, std::vector<float>(10, 0.0f))},
        {"byte_token_sign", by, "<0x-1>", with_token(kTinyBytes + 'A', "<0x-1>")},
        {"byte_token_zz", by, "<0xZZ>", with_token(kTinyBytes + 'A', "<0xZZ>")},
        {"token_dup", RefusedBy::nobody, "", with_token(300, tiny_tokens()[290])},
        {"bos_missing", by, "bos_token_id", without_bos()},
        {"eos_id_past_vocab", by, "eos_token_id",
         with("tokenizer.ggml.eos_token_id", static_cast<uint32_t>(n_vocab))},
        {"tokenizer_unknown", by, "rwkv", with("tokenizer.ggml.model", "rwkv")},
        {"tokens_missing", by, "tokenizer.ggml.tokens", without("tokenizer.ggml.tokens")},
    };
}

std::vector<MalformedGguf> bad_weights() {
    const auto by = RefusedBy::weights;
    return {
        {"layers_513", by, "blk.2.", with("llama.block_count", 513u)},
        {"width_differs", by, "token_embd.weight", with("llama.embedding_length", 128u)},
        {"ffn_differs", by, "ffn_", with("llama.feed_forward_length", 128u)},
    };
}

}  // namespace

std::vector<MalformedGguf> malformed_models() {
    std::vector<MalformedGguf> all = bad_configs();
    for (auto& part : {bad_tokenizers(), bad_weights()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

std::vector<MalformedGguf> malformed_ggufs() {
    std::vector<MalformedGguf> all = malformed_headers();
    for (const auto& part : {malformed_keys(), malformed_tensors(), malformed_models()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

}  // namespace hearth
