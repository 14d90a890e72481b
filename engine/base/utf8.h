// UTF-8: decoding, validation, and assembling text from tokens that split characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth {

inline constexpr char32_t kReplacement = 0xFFFD;

struct CodePoint {
    char32_t value = 0;  // kReplacement for a bad sequence
    size_t bytes = 0;    // bytes consumed, at least 1 unless the text was empty
    bool valid = false;
};

// The first code point of `text`. A bad sequence yields U+FFFD for its maximal bad part
// (Unicode 3.9, table 3-7), so that every decoder agrees on the number of replacements.
CodePoint decode_utf8(std::string_view text);

// Appends the encoding of a scalar value (surrogates and values above 0x10FFFF become U+FFFD).
void append_utf8(std::string& out, char32_t value);

bool is_valid_utf8(std::string_view text);

// `text` with every maximal bad part replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

// Turns token pieces into valid UTF-8 as they come: bytes of a character that is not complete yet
// are held back; what can never become valid is replaced.
class Utf8Assembler {
  public:
    // Appends `bytes`; returns the text that is complete now (may be empty).
    std::string feed(std::string_view bytes);
    // What is still held, replaced by U+FFFD; the assembler is empty afterwards.
    std::string finish();

  private:
    std::string held_;  // at most 3 bytes: the valid start of a character
};

}  // namespace hearth
