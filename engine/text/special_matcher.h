// SpecialMatcher: finds the tokens that are written out in a text instead of being merged:
// user-defined tokens anywhere, control tokens in markup only.
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/text/vocabulary.h"

namespace hearth {

// Immutable; thread-safe. The vocabulary must outlive it.
class SpecialMatcher {
  public:
    explicit SpecialMatcher(const Tokenizer::Vocabulary& vocabulary);

    struct Match {
        Token token{};
        size_t bytes = 0;
    };
    // The longest special token at the start of `text`. Control and unknown tokens count only if
    // they end within the first `markup_bytes`.
    std::optional<Match> match(std::string_view text, size_t markup_bytes) const;

  private:
    struct Entry {
        std::string_view text;
        Token token{};
        bool markup_only = false;
    };
    std::vector<Entry> entries_;    // by text, then id
    std::bitset<256> first_bytes_;  // of the entries: rules most positions out
};

}  // namespace hearth
