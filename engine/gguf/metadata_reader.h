// Reads the key-value section of a GGUF header.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/gguf/header_reader.h"
#include "engine/gguf/metadata.h"

namespace hearth {

inline constexpr uint64_t kMaxMetadataKeys = 65'536;
inline constexpr uint64_t kMaxKeyBytes = 65'535;                  // ggml docs/gguf.md
inline constexpr uint64_t kMaxArrayElements = uint64_t{1} << 22;  // twice the largest vocabulary
inline constexpr uint64_t kMaxArrayElementsTotal = uint64_t{1} << 23;  // over all arrays of a file

// Reads `count` pairs from the reader's position on. Keys are valid UTF-8 without control
// characters, unique and not empty; booleans are 0 or 1; arrays are not nested. What is allocated
// is at most eight times what the file holds.
Result<Metadata> read_metadata(HeaderReader& reader, uint64_t count);

}  // namespace hearth
