// BpeEncoder: byte-level BPE. A text is cut by the pre-tokenizer of its family; in each piece the
// pair of tokens whose merge has the lowest rank is merged first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/metadata.h"
#include "engine/text/pretokenize.h"
#include "engine/text/symbol_merger.h"
#include "engine/text/vocabulary.h"

namespace hearth {

// Immutable; thread-safe. `vocabulary` must outlive it.
class BpeEncoder {
  public:
    // Reads tokenizer.ggml.merges: "left right", best first. Merges of texts that are no tokens
    // can never be used; they are left out and counted.
    static Result<BpeEncoder> create(const Metadata& metadata,
                                     const Tokenizer::Vocabulary& vocabulary,
                                     Pretokenizer pretokenizer);

    // Appends the tokens of `text`. At most SymbolMerger::kTextBytesMax bytes, any bytes.
    void encode(std::string_view text, SymbolMerger& merger, std::vector<Token>& out) const;

    const Pretokenizer::Habits& habits() const { return pretokenizer_.habits(); }
    size_t n_merges_ignored() const { return n_merges_ignored_; }

  private:
    struct Merge {
        uint32_t rank;
        Token token;
    };

    BpeEncoder(const Tokenizer::Vocabulary& vocabulary, Pretokenizer pretokenizer)
        : vocabulary_(&vocabulary), pretokenizer_(std::move(pretokenizer)) {}

    static uint64_t key(Token left, Token right) {
        return uint64_t{to_index(left)} << 32 | to_index(right);
    }
    bool add_merge(const std::string& merge, uint32_t rank);
    void encode_piece(std::string_view piece, SymbolMerger& merger, std::vector<Token>& out) const;

    const Tokenizer::Vocabulary* vocabulary_;
    Pretokenizer pretokenizer_;
    std::unordered_map<uint64_t, Merge> merges_;  // by key()
    size_t n_merges_ignored_ = 0;
};

}  // namespace hearth
