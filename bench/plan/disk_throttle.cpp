#include "bench/plan/disk_throttle.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace hearth::bench {
namespace {

constexpr const char* kRoot = "/sys/fs/cgroup/blkio";

Result<void> write_value(const std::string& path, const std::string& value) {
    std::ofstream file(path);
    file << value << std::flush;
    if (file.good()) return {};
    return make_error(ErrorCode::machine, "{}: {} is refused (throttling needs root and cgroup v1)",
                      path, value);
}

// A partition is throttled through its disk.
std::string disk_of(dev_t device) {
    std::ifstream parent(fmt::format("/sys/dev/block/{}:{}/../dev", major(device), minor(device)));
    std::string name;
    if (parent >> name) return name;
    return fmt::format("{}:{}", major(device), minor(device));
}

}  // namespace

Result<DiskThrottle> DiskThrottle::begin(const std::string& folder, uint64_t bytes_per_second,
                                         uint64_t reads_per_second) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) {
        return make_error(ErrorCode::machine, "{}: {}", folder, std::strerror(errno));
    }
    const std::string path = fmt::format("{}/hearth-bench-{}", kRoot, ::getpid());
    if (::mkdir(path.c_str(), 0755) != 0) {
        return make_error(ErrorCode::machine,
                          "{}: cannot be made: {} (throttling needs root and cgroup v1)", path,
                          std::strerror(errno));
    }
    DiskThrottle throttle(path);
    const std::string disk = disk_of(status.st_dev);
    HEARTH_TRY_VOID(write_value(path + "/blkio.throttle.read_bps_device",
                                fmt::format("{} {}", disk, bytes_per_second)));
    HEARTH_TRY_VOID(write_value(path + "/blkio.throttle.read_iops_device",
                                fmt::format("{} {}", disk, reads_per_second)));
    HEARTH_TRY_VOID(write_value(path + "/cgroup.procs", fmt::format("{}", ::getpid())));
    return throttle;
}

DiskThrottle::~DiskThrottle() {
    if (path_.empty()) return;
    // Back to where everybody is; an empty group can go.
    (void)write_value(std::string(kRoot) + "/cgroup.procs", fmt::format("{}", ::getpid()));
    (void)::rmdir(path_.c_str());
}

}  // namespace hearth::bench
