#include "engine/text/byte_alphabet.h"

#include <array>

#include "engine/base/utf8.h"

namespace hearth {

namespace {

// 256 + the 68 bytes that have no printable Latin-1 character.
constexpr char32_t kCharacters = 256 + 68;

constexpr bool is_printable_latin1(char32_t c) {
    return (c >= 0x21 && c <= 0x7E) || (c >= 0xA1 && c <= 0xAC) || (c >= 0xAE && c <= 0xFF);
}

struct Alphabet {
    std::array<char32_t, 256> characters{};
    std::array<int16_t, kCharacters> bytes{};  // -1: no byte
};

constexpr Alphabet make_alphabet() {
    Alphabet alphabet;
    for (auto& byte : alphabet.bytes) byte = -1;
    char32_t next = 256;
    for (char32_t byte = 0; byte < 256; ++byte) {
        const char32_t character = is_printable_latin1(byte) ? byte : next++;
        alphabet.characters[byte] = character;
        alphabet.bytes[character] = static_cast<int16_t>(byte);
    }
    return alphabet;
}

constexpr Alphabet kAlphabet = make_alphabet();

}  // namespace

char32_t alphabet_character(uint8_t byte) {
    return kAlphabet.characters[byte];
}

std::optional<uint8_t> alphabet_byte(char32_t character) {
    if (character >= kCharacters || kAlphabet.bytes[character] < 0) return std::nullopt;
    return static_cast<uint8_t>(kAlphabet.bytes[character]);
}

std::string decode_alphabet(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = decode_utf8(text);
        const auto byte = point.valid ? alphabet_byte(point.value) : std::nullopt;
        if (byte) {
            bytes.push_back(static_cast<char>(*byte));
        } else {
            bytes.append(text.substr(0, point.bytes));
        }
        text.remove_prefix(point.bytes);
    }
    return bytes;
}

std::string encode_alphabet(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) append_utf8(text, alphabet_character(static_cast<uint8_t>(byte)));
    return text;
}

}  // namespace hearth
