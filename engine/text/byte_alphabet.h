// The alphabet of byte-level BPE: how GPT-2 writes every byte as one visible character, so that
// vocabulary and merges are printable text (" t" is stored as "Ġt").
//
// Printable Latin-1 bytes stand for themselves; the other 68 are U+0100 onwards in byte order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

// The character that stands for `byte`.
char32_t alphabet_character(uint8_t byte);
// The byte that `character` stands for; nullopt when it is not of the alphabet.
std::optional<uint8_t> alphabet_byte(char32_t character);

// `text` with each character of the alphabet replaced by its byte; other characters stay.
std::string decode_alphabet(std::string_view text);
// The inverse, for any bytes.
std::string encode_alphabet(std::string_view bytes);

}  // namespace hearth
