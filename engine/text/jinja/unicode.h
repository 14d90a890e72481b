// Characters as Python's str sees them: positions by code point, white space, case, printability.
//
// All texts here are valid UTF-8: sources and contents are made so before anything reads them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::jinja {

// str.isspace() of one character.
bool is_space(char32_t c);
// What repr() shows as it is.
bool is_printable(char32_t c);
// Simple case mappings: "ß" stays, where Python writes "SS".
char32_t to_lower(char32_t c);
char32_t to_upper(char32_t c);
char32_t to_title(char32_t c);
bool is_letter(char32_t c);
bool is_digit(char32_t c);
bool is_upper(char32_t c);
bool is_lower(char32_t c);

// len(text).
size_t count_characters(std::string_view text);
// The byte offset of character `index`; text.size() when there are not so many.
size_t byte_offset(std::string_view text, size_t index);

// Where `part` first begins in text at or after byte `from`; npos when nowhere. Linear in the
// worst case too, unlike std::string::find.
size_t find_part(std::string_view text, std::string_view part, size_t from = 0);

// Bytes of white space at the start and at the end.
size_t leading_space(std::string_view text);
size_t trailing_space(std::string_view text);

}  // namespace hearth::jinja
