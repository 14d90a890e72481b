// Tokenizer: text to tokens and back, as the model's file defines it.
//
// Two families: SPM (score-driven merges, byte fallback; tokenizer.ggml.model "llama") and
// byte-level BPE ("gpt2") with the pre-tokenizer that tokenizer.ggml.pre names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/token.h"
#include "engine/gguf/gguf.h"
#include "engine/text/text_span.h"

namespace hearth {

// Whether the text of control tokens ("<|im_start|>") in the input becomes that token. Only markup
// from a chat template may; what people and files say never does.
enum class SpecialTokens { as_text, parse };

// Immutable after create(); thread-safe.
class Tokenizer {
  public:
    // Everything is checked here: lengths of the arrays, ids in range, byte tokens, merges.
    static Result<Tokenizer> create(const Gguf& gguf);
    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;
    ~Tokenizer();

    // Any bytes are accepted; nothing (no BOS, no EOS) is added. Linear or n log n in the text.
    std::vector<Token> encode(std::string_view text, SpecialTokens special) const;

    // A rendered prompt: the texts are encoded as one, and control tokens are recognised only where
    // they lie in markup altogether.
    std::vector<Token> encode_spans(std::span<const TextSpan> spans) const;

    // The bytes a token stands for, exactly as they are appended to the text: may be part of a
    // UTF-8 character. Control tokens give nothing unless asked for.
    enum class ControlTokens { hide, show };
    std::string piece(Token token, ControlTokens control = ControlTokens::hide) const;
    // All pieces; undoes what encode() did to the text (e.g. SPM's leading space).
    std::string decode(const std::vector<Token>& tokens,
                       ControlTokens control = ControlTokens::hide) const;

    size_t vocab_size() const;
    std::optional<Token> bos() const;
    std::optional<Token> eos() const;
    bool adds_bos() const;  // the file's add_bos_token, or what its family does
    bool adds_eos() const;
    // EOS, end of turn, end of message: generation stops after one of these.
    bool ends_generation(Token token) const;
    // Control tokens and unused ids; such an id never appears in what is shown.
    bool is_control(Token token) const;
    // The token whose text is exactly `text`, e.g. "<|im_end|>".
    std::optional<Token> find(std::string_view text) const;
    // The raw text of a token as the vocabulary has it.
    std::string_view text(Token token) const;
    // For the log and `inspect`: e.g. "BPE, pre-tokenizer qwen2, 151936 tokens". A missing or
    // unknown-but-survivable setting is said in warnings().
    std::string describe() const;
    const std::vector<std::string>& warnings() const;

    struct Vocabulary;  // text/vocabulary.h: what both families share

  private:
    class Impl;
    explicit Tokenizer(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

}  // namespace hearth
