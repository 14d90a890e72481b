// Zstandard: bytes made smaller, and back within a limit.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace hearth {

// One frame with a checksum. Frames may stand one behind the other: expand() reads them as one.
// Level 1 (fast) to 19 (small). machine when there is no memory.
Result<std::vector<std::byte>> compress(std::span<const std::byte> bytes, int level);

// All frames in `bytes`, handed out piece by piece; `sink` may fail. bad_file ("<name>: ...") when
// the data is damaged, ends early, or holds more than `max_bytes`.
using ByteSink = std::function<Result<void>(std::span<const std::byte> piece)>;
Result<void> expand(std::span<const std::byte> bytes, size_t max_bytes, const std::string& name,
                    const ByteSink& sink);
Result<std::vector<std::byte>> expand(std::span<const std::byte> bytes, size_t max_bytes,
                                      const std::string& name);

// Whether `bytes` begin as a frame does.
bool is_compressed(std::span<const std::byte> bytes);

}  // namespace hearth
