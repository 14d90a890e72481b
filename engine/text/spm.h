// SpmEncoder: SentencePiece's BPE. The pair of symbols whose joint text is the token of the
// highest score is merged first; characters that are no token fall back to byte tokens.
#pragma once

#include <string_view>
#include <vector>

#include "engine/text/symbol_merger.h"
#include "engine/text/vocabulary.h"

namespace hearth {

// Immutable; thread-safe. `vocabulary` must outlive it.
class SpmEncoder {
  public:
    explicit SpmEncoder(const Tokenizer::Vocabulary& vocabulary);

    // Appends the tokens of `text`. At most SymbolMerger::kTextBytesMax bytes, any bytes.
    void encode(std::string_view text, SymbolMerger& merger, std::vector<Token>& out) const;

  private:
    void encode_word(std::string_view text, SymbolMerger& merger, std::vector<Token>& out) const;

    const Tokenizer::Vocabulary& vocabulary_;
    // No token has a space after another character, so no merge can cross from a word to the space
    // of the next: words are merged one by one, with the same result and short heaps.
    bool words_apart_ = true;
};

}  // namespace hearth
