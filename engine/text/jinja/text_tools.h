// Python's str operations on marked text, shared by filters and methods.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/text/jinja/value.h"

namespace hearth::jinja {

enum class Side : uint8_t { left = 1, right = 2, both = 3 };

// strip, lstrip, rstrip: of white space, or of the characters in `characters`.
Value strip(Runtime& runtime, const Value& text, Side side, const MarkedText* characters);

// text.replace(from, to, count); a negative count is all.
Value replace(Runtime& runtime, const Value& text, const MarkedText& from, const MarkedText& to,
              int64_t count);

// text.split(separator, splits_max): by white space when `separator` is nullptr; all when negative.
// An empty separator is an error.
Result<std::vector<Value>> split(Runtime& runtime, const MarkedText& text,
                                 const MarkedText* separator, int64_t splits_max);
// text.rsplit: as split, counted from the right.
Result<std::vector<Value>> split_from_right(Runtime& runtime, const MarkedText& text,
                                            const MarkedText* separator, int64_t splits_max);
// text.splitlines(): without the line ends.
std::vector<Value> split_lines(Runtime& runtime, const MarkedText& text);

// Each character through `change(character, previous)`; the first one's `previous` is 0.
using ChangeCharacter = char32_t (*)(char32_t character, char32_t previous);
Value change_characters(Runtime& runtime, const MarkedText& text, ChangeCharacter change);

// str(item) of all with `separator` between them.
Value join(Runtime& runtime, const std::vector<Value>& items, const MarkedText& separator);

// The ways to change case.
char32_t lower_character(char32_t character, char32_t previous);
char32_t upper_character(char32_t character, char32_t previous);
char32_t capitalize_character(char32_t character, char32_t previous);
char32_t title_method_character(char32_t character, char32_t previous);  // str.title()
char32_t title_filter_character(char32_t character, char32_t previous);  // the filter `title`

}  // namespace hearth::jinja
