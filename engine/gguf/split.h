// Split models: one model in several files, name-00001-of-0000N.gguf (llama.cpp's gguf-split).
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "engine/gguf/metadata.h"

namespace hearth {

inline constexpr uint64_t kMaxParts = 1024;

// What a part says of itself: keys split.no, split.count, split.tensors.count. A file that is not
// split is part 0 of 1.
struct SplitInfo {
    uint64_t part = 0;  // from 0; file names count from 1
    uint64_t n_parts = 1;
    uint64_t n_tensors = 0;  // of all parts together
};

Result<SplitInfo> split_info(const Metadata& metadata);

// The path of part `part`, made from the path of the part that `info` describes. An error when the
// file was renamed so that its name no longer says which part it is.
Result<std::string> part_path(const std::string& path, const SplitInfo& info, uint64_t part);

}  // namespace hearth
