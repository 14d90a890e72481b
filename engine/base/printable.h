// printable(): text from files and command lines, made safe to show inside a one-line message.
//
// The screen has its own, richer filter (app/ui/safe_text); this one is for error lines, logs and
// listings, where an escape sequence or a line break must never get through and a name of a
// megabyte must not fill the line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hearth {

// Every control character (C0, DEL, C1), invisible format character (bidi overrides, zero-width,
// tags) and byte that is not UTF-8 is shown as \xNN per byte. What is longer than max_bytes ends in
// "...". The result is valid UTF-8 of at most max_bytes bytes (at least 8).
std::string printable(std::string_view untrusted, size_t max_bytes = 48);

// Whether printable() would show `text` unchanged: valid UTF-8 and nothing invisible in it.
bool is_printable(std::string_view text);

// printable() for a path, which is told by its end: "...models/llama.gguf".
std::string printable_path(std::string_view path, size_t max_bytes = 80);

}  // namespace hearth
