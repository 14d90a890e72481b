// MemoryFile: bytes in memory behind the File seam.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/file.h"

namespace hearth {

class MemoryFile final : public File {
  public:
    explicit MemoryFile(std::vector<std::byte> bytes, std::string path = "memory.gguf")
        : bytes_(std::move(bytes)), path_(std::move(path)) {}

    Result<size_t> read_at(uint64_t offset, std::span<std::byte> buffer) const override {
        if (offset >= bytes_.size() || buffer.empty()) return size_t{0};
        const size_t n = std::min<size_t>(buffer.size(), bytes_.size() - offset);
        std::memcpy(buffer.data(), bytes_.data() + offset, n);
        return n;
    }
    uint64_t size() const override { return bytes_.size(); }
    const std::string& path() const override { return path_; }

  private:
    std::vector<std::byte> bytes_;
    std::string path_;
};

}  // namespace hearth
