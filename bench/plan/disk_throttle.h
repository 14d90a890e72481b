// DiskThrottle: while it lives, this process reads from one disk no faster than it says: a control
// group (cgroup v1, blkio; root).
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace hearth::bench {

class DiskThrottle {
  public:
    // Of the disk that holds `folder`. machine with the reason where it cannot be made.
    static Result<DiskThrottle> begin(const std::string& folder, uint64_t bytes_per_second,
                                      uint64_t reads_per_second);
    ~DiskThrottle();
    DiskThrottle(DiskThrottle&& other) noexcept : path_(std::move(other.path_)) {
        other.path_.clear();
    }
    DiskThrottle& operator=(DiskThrottle&&) = delete;

  private:
    explicit DiskThrottle(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

}  // namespace hearth::bench
