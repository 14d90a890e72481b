// Makes tiny models for tests: whole, valid, deterministic, and untrained.
//
// Two layers of width 64 with grouped-query attention and a vocabulary of a few hundred tokens: at
// most 100 KiB as Q8_0. The weights are random, scaled like a trained model's, so every layer
// matters to the result. The embedding rows of control tokens and of bytes that are not printable
// ASCII are nearly zero, so that generated text is readable and seldom ends by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/gguf/gguf_writer.h"

namespace hearth {

struct TinyModelOptions {
    std::string architecture = "llama";  // or "qwen2": biases on q, k, v
    enum class Vocabulary { spm, bpe } vocabulary = Vocabulary::spm;  // bpe: byte-level, "qwen2"
    Dtype dtype = Dtype::q8_0;  // of all matrices; norms and biases are F32
    uint64_t n_layers = 2;
    uint64_t d_model = 64;
    uint64_t n_heads = 4;
    uint64_t n_kv_heads = 2;
    uint64_t d_ff = 96;
    uint64_t context_length = 512;
    bool tied_head = true;
    bool chat_template = true;   // ChatML
    std::string ffn_activation;  // key hearth.ffn_activation; not written when empty
    // Magic PWRI, predictors fc1/fc2 of rank 32, and ffn_down_t instead of ffn_down.
    bool pwri = false;
    bool vocabulary_only = false;  // all keys and no tensor
    uint64_t seed = 1;
};

// The usual options with that type; width 256 where K-quants need it (0.6 MB in Q4_K).
TinyModelOptions tiny_options_for(Dtype dtype);

// The model ready to be written; keys may be changed before.
GgufWriter tiny_model(const TinyModelOptions& options = {});

// The token ids of both vocabularies.
inline constexpr uint32_t kTinyUnknown = 0;    // "<unk>"
inline constexpr uint32_t kTinyBos = 1;        // "<s>"
inline constexpr uint32_t kTinyEos = 2;        // "</s>"
inline constexpr uint32_t kTinyImStart = 3;    // "<|im_start|>"
inline constexpr uint32_t kTinyImEnd = 4;      // "<|im_end|>", the end of turn
inline constexpr uint32_t kTinySpecials = 32;  // control tokens are 1 to 31
inline constexpr uint32_t kTinyBytes = 32;     // the token of byte b is 32 + b
inline constexpr uint32_t kTinyPieces = 288;   // pieces of text begin here

}  // namespace hearth
