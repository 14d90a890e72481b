// Opening a file for direct I/O, and finding out what alignment it wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/base/file.h"

namespace hearth {

struct StreamedFile {
    Fd fd;
    uint64_t size = 0;
    size_t alignment = 1;  // of offsets, lengths and buffers
    bool is_direct = false;
};

// Opens a regular file past the page cache. `alignment` 0 takes what the file system tells, else
// 512, else 4096, whichever a read of the first block confirms. Where none is accepted the file is
// read through the page cache, which costs one line in the log.
Result<StreamedFile> open_streamed_file(const std::string& path, size_t alignment);

}  // namespace hearth
