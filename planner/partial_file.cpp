#include "planner/partial_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/base/printable.h"
#include "engine/neuron/neuron_loader_file.h"

namespace hearth {

namespace {

constexpr uint64_t kStatBlock = 512;

std::string partial_path(const std::string& final_path) {
    return final_path + ".partial";
}

bool means_full(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

std::string megabytes(uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// Whether the name still leads to the file we hold: another process may have published it between
// our open and our lock.
bool is_still_there(int fd, const std::string& path) {
    struct stat ours {};
    struct stat named {};
    return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &named) == 0 &&
           ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

}  // namespace

PartialFile::PartialFile(Fd fd, std::string final_path)
    : fd_(std::move(fd)), final_path_(std::move(final_path)), path_(partial_path(final_path_)) {}

tl::unexpected<Error> PartialFile::failed(const char* what, int error) const {
    if (means_full(error)) {
        return make_error(ErrorCode::machine,
                          "{}: cannot {}: {} ({} in all; make room there, or -o FILE on another "
                          "disk)",
                          printable_path(path_), what, std::strerror(error), megabytes(size_));
    }
    return make_error(ErrorCode::machine,
                      "{}: cannot {}: {} (when the disk is well, run it again: it goes on where it "
                      "stopped)",
                      printable_path(path_), what, std::strerror(error));
}

Result<std::unique_ptr<PartialFile>> PartialFile::open(const std::string& final_path) {
    const std::string path = partial_path(final_path);
    std::error_code error;
    if (std::filesystem::is_directory(final_path, error)) {
        return make_error(ErrorCode::usage, "{}: is a folder (name a file in it)",
                          printable_path(final_path));
    }
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!fd) {
        return make_error(ErrorCode::machine, "{}: cannot create: {}", printable_path(path),
                          std::strerror(errno));
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return make_error(ErrorCode::machine, "{}: is not a regular file (remove it)",
                          printable_path(path));
    }
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || !is_still_there(fd.get(), path)) {
        return make_error(ErrorCode::machine, "{}: another hearth is writing it (wait for that)",
                          printable_path(path));
    }
    std::unique_ptr<PartialFile> file(new PartialFile(std::move(fd), final_path));
    file->size_ = static_cast<uint64_t>(status.st_size);
    return file;
}

Result<void> PartialFile::reserve(uint64_t bytes) {
    struct stat status {};
    struct statvfs disk {};
    if (::fstat(fd_.get(), &status) != 0) return failed("stat", errno);
    if (::fstatvfs(fd_.get(), &disk) != 0) return failed("ask how full its disk is", errno);
    const uint64_t have = static_cast<uint64_t>(status.st_blocks) * kStatBlock;
    const uint64_t missing = bytes - std::min(bytes, have);
    const uint64_t free = uint64_t{disk.f_bavail} * disk.f_frsize;
    if (missing > free) {
        return make_error(ErrorCode::machine,
                          "{}: needs {}, its disk has {} free (free {}, or -o FILE on another "
                          "disk)",
                          printable_path(final_path_), megabytes(missing), megabytes(free),
                          megabytes(missing - free));
    }
    size_ = bytes;
    if (::ftruncate(fd_.get(), static_cast<off_t>(bytes)) != 0) return failed("grow", errno);
    if (::fallocate(fd_.get(), 0, 0, static_cast<off_t>(bytes)) != 0) {
        const bool unsupported = errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL;
        if (!unsupported) return failed("reserve its bytes", errno);
    }
    return {};
}

Result<void> PartialFile::clear() {
    if (::ftruncate(fd_.get(), 0) != 0) return failed("empty it", errno);
    return size_ == 0 ? Result<void>() : reserve(size_);
}

Result<void> PartialFile::failed_to_write(const char* what, int error) {
    if (means_full(error)) is_full_ = true;
    return failed(what, error);
}

Result<void> PartialFile::write_at(uint64_t offset, std::span<const std::byte> bytes) {
    was_written_ = true;
    while (!bytes.empty()) {
        const ssize_t n =
            ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return failed_to_write("write", n < 0 ? errno : EIO);
        offset += static_cast<uint64_t>(n);
        bytes = bytes.subspan(static_cast<size_t>(n));
    }
    return {};
}

Result<void> PartialFile::flush() {
    if (::fdatasync(fd_.get()) != 0) return failed_to_write("sync", errno);
    return {};
}

Result<void> PartialFile::publish() {
    if (::fsync(fd_.get()) != 0) return failed_to_write("sync", errno);
    if (::rename(path_.c_str(), final_path_.c_str()) != 0) return failed("rename", errno);
    return sync_folder_of(final_path_);
}

void PartialFile::discard() {
    ::unlink(path_.c_str());
}

size_t PartialFile::read_alignment() const {
    const auto opened = open_streamed_file(path_, 0);
    return opened && opened->alignment > 512 ? 4096 : 512;
}

Result<size_t> PartialFile::read_at(uint64_t offset, std::span<std::byte> buffer) const {
    size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t n = ::pread(fd_.get(), buffer.data() + done, buffer.size() - done,
                                  static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("read", errno);
        if (n == 0) break;
        done += static_cast<size_t>(n);
    }
    return done;
}

}  // namespace hearth
