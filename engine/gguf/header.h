// GgufHeader: one file's header as it stands there, each value checked against limits and against
// the file's size. Gguf (gguf.h) joins the headers of split files.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/gguf/metadata.h"

namespace hearth {

inline constexpr uint64_t kMaxTensors = 65'536;
inline constexpr uint64_t kMaxTensorNameBytes = 63;
inline constexpr uint64_t kMinAlignment = 8;
inline constexpr uint64_t kMaxAlignment = 65'536;
inline constexpr uint64_t kDefaultAlignment = 32;

struct GgufHeader {
    Gguf::Magic magic = Gguf::Magic::gguf;
    uint32_t version = 3;
    Metadata metadata;
    std::vector<TensorInfo> tensors;  // in file order; `file` is 0, offsets are absolute
};

// Reads the header of `file` and no tensor data. Tensors are aligned, lie within the file and do
// not overlap; holes between them are allowed. After the last one only zero padding of at most
// kMaxAlignment bytes may follow.
Result<GgufHeader> read_header(const File& file);

}  // namespace hearth
