#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "engine/base/printable.h"
#include "planner/storage_rates.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kBlock = size_t{4} << 20;
constexpr uint64_t kLeastBytes = uint64_t{16} << 20;
constexpr auto kMostTime = std::chrono::seconds(2);

tl::unexpected<Error> refused(const std::string& folder, const char* what, int error) {
    return make_error(ErrorCode::machine,
                      "{}: {}, measuring the storage, {} (planning goes on with "
                      "cautious guesses)",
                      printable_path(folder), what, std::strerror(error));
}

// A file that no folder lists: O_TMPFILE, or where that is unknown, made and unlinked at once.
Fd make_nameless(const std::string& folder) {
    Fd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (fd) return fd;
    std::string name = folder + "/.measuring-XXXXXX";
    fd = Fd(::mkostemp(name.data(), O_CLOEXEC));
    if (fd) ::unlink(name.c_str());
    return fd;
}

// Writes all of the block; returns 0 or an errno.
int write_block(int fd, const char* data, size_t bytes) {
    while (bytes > 0) {
        const ssize_t n = ::write(fd, data, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n < 0 ? errno : ENOSPC;
        data += n;
        bytes -= static_cast<size_t>(n);
    }
    return 0;
}

}  // namespace

Result<ScratchFile> ScratchFile::create(const std::string& folder, uint64_t bytes) {
    struct statvfs room {};
    if (::statvfs(folder.c_str(), &room) != 0) return refused(folder, "cannot be asked", errno);
    const uint64_t free_bytes = uint64_t{room.f_bavail} * room.f_frsize;
    bytes = std::min(bytes, free_bytes / 4) / kBlock * kBlock;
    if (bytes < kLeastBytes) return refused(folder, "is nearly full", ENOSPC);
    Fd fd = make_nameless(folder);
    if (!fd) return refused(folder, "takes no file", errno);
    std::vector<uint64_t> block(kBlock / sizeof(uint64_t));  // noise: a device may compress
    uint64_t state = 1;
    const auto begin = Clock::now();
    uint64_t written = 0;
    while (written < bytes && (written < kLeastBytes || Clock::now() - begin < kMostTime)) {
        for (uint64_t& word : block) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word = state;
        }
        const int error =
            write_block(fd.get(), reinterpret_cast<const char*>(block.data()), kBlock);
        if (error != 0) return refused(folder, "cannot be written", error);
        written += kBlock;
        // In pieces, so that the time limit sees the device and not the page cache.
        if (::fdatasync(fd.get()) != 0) return refused(folder, "cannot be written", errno);
    }
    (void)::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
    return ScratchFile(std::move(fd), written);
}

std::string ScratchFile::path() const {
    return fmt::format("/proc/self/fd/{}", fd_.get());
}

}  // namespace hearth
