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
    explicit SpmEncoder(const Tokenizer::Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

    // Appends the tokens of `text`, which is merged as one (no pre-tokenizer). At most
    // SymbolMerger::kTextBytesMax bytes, any bytes.
    void encode(std::string_view text, SymbolMerger& merger, std::vector<Token>& out) const;

  private:
    const Tokenizer::Vocabulary& vocabulary_;
};

}  // namespace hearth
