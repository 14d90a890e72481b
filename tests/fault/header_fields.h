// Where the numbers of a GGUF header are, so that a test can change each of them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hearth {

struct HeaderField {
    size_t offset;
    size_t bytes;  // 1, 2, 4 or 8
};

struct HeaderFields {
    std::vector<HeaderField> fields;  // counts, lengths, types, values, dimensions, offsets
    size_t header_bytes = 0;          // without padding
};

// `file` is a valid GGUF.
HeaderFields header_fields(std::span<const std::byte> file);

}  // namespace hearth
