// Vocabulary: the tokens of a model and what its file says about them, checked once.
//
// From the keys tokenizer.ggml.* (formats-and-kernels 1.7). SPM and BPE share it; both work on the
// bytes that tokens stand for ("pieces"), so that no text is escaped on its way in or out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/metadata.h"
#include "engine/text/tokenizer.h"

namespace hearth {

// Immutable after create(); views handed out live as long as it does.
struct Tokenizer::Vocabulary {
    static constexpr size_t kTokensMax = size_t{1} << 21;
    static constexpr size_t kTokenBytesMax = size_t{1} << 16;

    enum class Algorithm { spm, bpe };
    // As tokenizer.ggml.token_type numbers them.
    enum class Type : uint8_t { undefined, normal, unknown, control, user_defined, unused, byte };

    // Errors name the file, the key and the numbers.
    static Result<Vocabulary> create(const Metadata& metadata);
    Vocabulary() = default;
    Vocabulary(Vocabulary&&) = default;
    Vocabulary& operator=(Vocabulary&&) = default;
    Vocabulary(const Vocabulary&) = delete;  // the indices point into the strings
    Vocabulary& operator=(const Vocabulary&) = delete;

    size_t size() const { return texts.size(); }
    bool contains(Token token) const { return to_index(token) < size(); }
    Type type(Token token) const { return types[to_index(token)]; }
    const std::string& text(Token token) const { return texts[to_index(token)]; }
    const std::string& piece(Token token) const { return pieces[to_index(token)]; }

    // Control, unknown and unused tokens: not text, in neither direction.
    bool is_control(Token token) const;
    // What is written out in text instead of merged: control and user-defined tokens.
    bool is_special(Token token) const;
    // The token of any kind whose text this is; of several the last.
    std::optional<Token> find(std::string_view text) const;
    // The token that ordinary text of these bytes may become: never a control token.
    std::optional<Token> find_piece(std::string_view bytes) const;
    // For a byte that no token covers: its own token, else the unknown token, else nothing.
    void append_byte(uint8_t byte, std::vector<Token>& out) const;

    Algorithm algorithm = Algorithm::spm;
    std::vector<std::string> texts;   // as in the file
    std::vector<std::string> pieces;  // the bytes they stand for
    std::vector<Type> types;
    std::vector<float> scores;   // SPM only
    size_t piece_bytes_max = 0;  // no longer run of text can be one token
    std::array<std::optional<Token>, 256> byte_tokens;
    std::optional<Token> bos;
    std::optional<Token> eos;
    std::optional<Token> unknown;
    std::vector<Token> ends;  // generation stops after one of these; ascending
    bool adds_bos = false;
    bool adds_eos = false;
    bool adds_space_prefix = false;  // SPM: text begins as if a space stood before it
    std::string pre;                 // BPE: the name of the pre-tokenizer
    std::vector<std::string> warnings;

  private:
    Result<void> read_algorithm(const Metadata& metadata);
    Result<void> read_tokens(const Metadata& metadata);
    Result<void> read_types(const Metadata& metadata);
    Result<void> read_scores(const Metadata& metadata);
    Result<void> read_special_ids(const Metadata& metadata);
    Result<void> read_flags(const Metadata& metadata);
    Result<void> make_pieces(const Metadata& metadata);
    void index_pieces();
    void find_byte_tokens();
    void mark_control_tokens(const std::vector<Token>& special);
    void find_ends(const std::vector<Token>& declared);

    std::unordered_map<std::string_view, Token> by_text_;
    std::unordered_map<std::string_view, Token> by_piece_;
};

}  // namespace hearth
