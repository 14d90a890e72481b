// Pretokenizer: the splits that byte-level BPE makes before it merges, one family per
// tokenizer.ggml.pre. Merges never cross a split.
//
// A family is a list of regular expressions, applied one after another: each cuts the pieces of
// the former into its matches and what lies between them. The expressions are those of the models'
// own tokenizer.json; PCRE2 runs them, compiled once. All are linear in the text: no alternative
// can fail after a scan whose text the next one does not consume.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;  // PCRE2's compiled pattern

namespace hearth {

// Immutable; thread-safe.
class Pretokenizer {
  public:
    // What else a family's name says about its tokenizer, where the file is silent.
    struct Habits {
        bool ignore_merges = false;  // a piece that is a token whole is never merged up
        bool adds_bos = false;
    };

    // nullopt for a name that is not known.
    static std::optional<Pretokenizer> create(std::string_view name);
    // The names of the families, for error messages; aliases are left out.
    static std::string families();

    const Habits& habits() const { return habits_; }

    // Cuts `text` into pieces, in order, none empty; joined they are `text`. Any bytes are
    // accepted: what is not UTF-8 becomes pieces of its own.
    std::vector<std::string_view> split(std::string_view text) const;

  private:
    struct FreeCode {
        void operator()(pcre2_real_code_8* code) const;
    };
    using Regex = std::unique_ptr<pcre2_real_code_8, FreeCode>;

    Pretokenizer() = default;
    static Regex compile(std::string_view pattern);

    Habits habits_;
    std::vector<Regex> regexes_;
};

}  // namespace hearth
