#include "bench/offload/memory_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "engine/base/file.h"

namespace hearth::bench {

namespace {

constexpr const char* kRoot = "/sys/fs/cgroup/memory";

Result<void> write_value(const std::string& path, std::string_view value) {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd || ::write(fd.get(), value.data(), value.size()) < 0) {
        return make_error(ErrorCode::machine, "{}: cannot write {}: {}", path, value,
                          std::strerror(errno));
    }
    return {};
}

}  // namespace

Result<MemoryGroup> MemoryGroup::create(uint64_t limit_bytes) {
    std::string path = fmt::format("{}/hearth-offload-{}", kRoot, ::getpid());
    if (::mkdir(path.c_str(), 0755) != 0) {
        return make_error(ErrorCode::machine,
                          "{}: cannot be made: {} (the cap needs root and cgroup v1)", path,
                          std::strerror(errno));
    }
    MemoryGroup group(std::move(path));
    HEARTH_TRY_VOID(
        write_value(group.path_ + "/memory.limit_in_bytes", std::to_string(limit_bytes)));
    return group;
}

MemoryGroup::MemoryGroup(MemoryGroup&& other) noexcept : path_(std::exchange(other.path_, {})) {}

MemoryGroup& MemoryGroup::operator=(MemoryGroup&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

MemoryGroup::~MemoryGroup() {
    if (path_.empty()) return;
    // What its processes left in the page cache keeps the group alive; an error changes nothing.
    static_cast<void>(write_value(path_ + "/memory.force_empty", "0"));
    ::rmdir(path_.c_str());
}

Result<void> MemoryGroup::enter() const {
    return write_value(path_ + "/cgroup.procs", std::to_string(::getpid()));
}

Result<void> drop_cached_pages(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0 ||
        ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED) != 0) {
        return make_error(ErrorCode::machine, "{}: cannot drop its pages: {}", path,
                          std::strerror(errno));
    }
    return {};
}

}  // namespace hearth::bench
