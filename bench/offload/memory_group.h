// A control group (cgroup v1, memory controller) that caps what a process may hold: anonymous
// memory and the page cache of the files it reads, mapped ones included. Needs root.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace hearth::bench {

// Removed with the object; the processes in it must have ended by then.
class MemoryGroup {
  public:
    // machine error with the reason where it cannot be made (no cgroup v1, not root).
    static Result<MemoryGroup> create(uint64_t limit_bytes);
    ~MemoryGroup();
    MemoryGroup(MemoryGroup&& other) noexcept;
    MemoryGroup& operator=(MemoryGroup&& other) noexcept;
    MemoryGroup(const MemoryGroup&) = delete;
    MemoryGroup& operator=(const MemoryGroup&) = delete;

    // The calling process, and what it starts later, lives under the limit from now on.
    Result<void> enter() const;

  private:
    explicit MemoryGroup(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

// Drops a file's pages from the page cache, so that nobody finds it there for free.
Result<void> drop_cached_pages(const std::string& path);

}  // namespace hearth::bench
