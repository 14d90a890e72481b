// JSON: the tojson filter as transformers defines it, and from_json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/text/jinja/value.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

// The arguments of Python's json.dumps that templates use.
struct JsonStyle {
    std::optional<std::string> indent;  // one level of it; absent: all on one line
    std::string item_separator = ", ";
    std::string key_separator = ": ";
    bool ensure_ascii = false;
    bool sort_keys = false;
};

// Bytes of a text keep their origin. An error for what JSON cannot say (undefined, functions).
Result<void> write_json(Writer& writer, const Value& value, const JsonStyle& style);

// The value `text` describes; all its texts are content when any of `text` is.
Result<Value> parse_json(Runtime& runtime, const MarkedText& text);

}  // namespace hearth::jinja
