#include "tests/data/tiny_model.h"

#include <cmath>
#include <span>
#include <string_view>

#include "engine/base/check.h"
#include "engine/kernels/quantize_weights.h"
#include "tests/data/tiny_vocabulary.h"

namespace hearth {

namespace {

constexpr uint64_t kPredictorRank = 32;

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}

    uint64_t next() {
        state_ += 0x9E3779B97F4A7C15u;
        uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }

    // Nearly normal with mean 0 and deviation 1: the sum of four uniform values.
    float normal() {
        const uint64_t bits = next();
        int sum = 0;
        for (int i = 0; i < 4; ++i) sum += static_cast<int>(bits >> (16 * i) & 0xFFFF);
        return (static_cast<float>(sum) / 65'536.0f - 2.0f) * std::sqrt(3.0f);
    }

  private:
    uint64_t state_;
};

class TinyModel {
  public:
    explicit TinyModel(const TinyModelOptions& options)
        : options_(options),
          writer_(options.pwri ? Gguf::Magic::pwri : Gguf::Magic::gguf),
          random_(options.seed) {
        HEARTH_CHECK(options.n_heads > 0 && options.d_model % options.n_heads == 0);
    }

    GgufWriter make() {
        set_hyperparameters();
        n_vocab_ = options_.vocabulary == TinyModelOptions::Vocabulary::spm
                       ? set_spm_vocabulary(writer_)
                       : set_bpe_vocabulary(writer_);
        set("vocab_size", n_vocab_);
        if (options_.chat_template) set_chat_template();
        if (!options_.vocabulary_only) add_tensors();
        return std::move(writer_);
    }

  private:
    void add_tensors() {
        add_embedding("token_embd.weight");
        for (uint64_t layer = 0; layer < options_.n_layers; ++layer) add_layer(layer);
        add_norm("output_norm.weight");
        if (!options_.tied_head) add_embedding("output.weight");
    }

    void set(std::string_view key, uint64_t value) {
        writer_.set(fmt::format("{}.{}", options_.architecture, key), static_cast<uint32_t>(value));
    }
    void set(std::string_view key, float value) {
        writer_.set(fmt::format("{}.{}", options_.architecture, key), value);
    }

    void set_hyperparameters() {
        writer_.set("general.architecture", options_.architecture);
        writer_.set("general.name", "tiny test model");
        set("block_count", options_.n_layers);
        set("context_length", options_.context_length);
        set("embedding_length", options_.d_model);
        set("feed_forward_length", options_.d_ff);
        set("attention.head_count", options_.n_heads);
        set("attention.head_count_kv", options_.n_kv_heads);
        set("attention.layer_norm_rms_epsilon", 1e-5f);
        set("rope.dimension_count", options_.d_model / options_.n_heads);
        set("rope.freq_base", 10'000.0f);
        if (options_.pwri) writer_.set("powerinfer.sparse_threshold", 0.0f);
        if (!options_.ffn_activation.empty()) {
            writer_.set("hearth.ffn_activation", options_.ffn_activation);
        }
    }

    void set_chat_template() {
        writer_.set("tokenizer.chat_template",
                    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + "
                    "message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
                    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}");
    }

    void add(std::string name, Dtype dtype, std::vector<uint64_t> dims,
             std::span<const float> values) {
        std::vector<std::byte> data(row_bytes(dtype, values.size()));
        quantize_weights(dtype, values, data.data());
        writer_.add_tensor(std::move(name), dtype, std::move(dims), std::move(data));
    }

    // (rows, cols), deviation 1 / sqrt(cols): outputs are as large as inputs.
    void add_matrix(std::string name, uint64_t cols, uint64_t rows) {
        const float scale = 1.0f / std::sqrt(static_cast<float>(cols));
        std::vector<float> values(cols * rows);
        for (float& value : values) value = scale * random_.normal();
        add(std::move(name), options_.dtype, {cols, rows}, values);
    }

    // (n_vocab, d_model), also the head.
    void add_embedding(std::string name) {
        std::vector<float> values(n_vocab_ * options_.d_model);
        for (uint64_t token = 0; token < n_vocab_; ++token) {
            const bool readable =
                token >= kTinyPieces || (token >= kTinyBytes + 0x20 && token < kTinyBytes + 0x7F);
            const float scale = readable ? 0.5f : 0.02f;
            for (uint64_t i = 0; i < options_.d_model; ++i) {
                values[token * options_.d_model + i] = scale * random_.normal();
            }
        }
        add(std::move(name), options_.dtype, {options_.d_model, n_vocab_}, values);
    }

    void add_vector(std::string name, uint64_t n, float mean) {
        std::vector<float> values(n);
        for (float& value : values) value = mean + 0.1f * random_.normal();
        add(std::move(name), Dtype::f32, {n}, values);
    }
    void add_norm(std::string name) { add_vector(std::move(name), options_.d_model, 1.0f); }

    void add_layer(uint64_t layer) {
        const uint64_t d = options_.d_model;
        const uint64_t d_kv = d / options_.n_heads * options_.n_kv_heads;
        const auto name = [layer](std::string_view role) {
            return fmt::format("blk.{}.{}", layer, role);
        };
        add_norm(name("attn_norm.weight"));
        add_matrix(name("attn_q.weight"), d, d);
        add_matrix(name("attn_k.weight"), d, d_kv);
        add_matrix(name("attn_v.weight"), d, d_kv);
        add_matrix(name("attn_output.weight"), d, d);
        if (options_.architecture == "qwen2") {
            add_vector(name("attn_q.bias"), d, 0.0f);
            add_vector(name("attn_k.bias"), d_kv, 0.0f);
            add_vector(name("attn_v.bias"), d_kv, 0.0f);
        }
        add_norm(name("ffn_norm.weight"));
        add_matrix(name("ffn_gate.weight"), d, options_.d_ff);
        add_matrix(name("ffn_up.weight"), d, options_.d_ff);
        if (options_.pwri) {
            add_matrix(name("ffn_down_t.weight"), d, options_.d_ff);
            add_matrix(name("fc1.weight"), d, kPredictorRank);
            add_matrix(name("fc2.weight"), kPredictorRank, options_.d_ff);
        } else {
            add_matrix(name("ffn_down.weight"), options_.d_ff, d);
        }
    }

    TinyModelOptions options_;
    GgufWriter writer_;
    Random random_;
    uint64_t n_vocab_ = 0;
};

}  // namespace

TinyModelOptions tiny_options_for(Dtype dtype) {
    TinyModelOptions options;
    options.dtype = dtype;
    if (traits(dtype).block_elements == 256) {
        options.d_model = 256;
        options.d_ff = 256;
    }
    return options;
}

GgufWriter tiny_model(const TinyModelOptions& options) {
    return TinyModel(options).make();
}

}  // namespace hearth
