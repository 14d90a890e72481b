#include "engine/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hearth {

namespace {

class PosixFile final : public File {
  public:
    PosixFile(Fd fd, uint64_t size, std::string path)
        : fd_(std::move(fd)), size_(size), path_(std::move(path)) {}

    Result<size_t> read_at(uint64_t offset, std::span<std::byte> buffer) const override {
        size_t done = 0;
        while (done < buffer.size()) {
            const ssize_t n = ::pread(fd_.get(), buffer.data() + done, buffer.size() - done,
                                      static_cast<off_t>(offset + done));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) {
                return make_error(ErrorCode::machine, "{}: cannot read {} bytes at {}: {}", path_,
                                  buffer.size(), offset, std::strerror(errno));
            }
            if (n == 0) break;
            done += static_cast<size_t>(n);
        }
        return done;
    }

    uint64_t size() const override { return size_; }
    const std::string& path() const override { return path_; }

  private:
    Fd fd_;
    uint64_t size_;
    std::string path_;
};

Result<void> write_all(int fd, const std::string& path, std::span<const std::byte> content) {
    size_t done = 0;
    while (done < content.size()) {
        const ssize_t n = ::write(fd, content.data() + done, content.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            return make_error(ErrorCode::machine, "{}: cannot write {} bytes: {}", path,
                              content.size(), n < 0 ? std::strerror(errno) : "nothing was written");
        }
        done += static_cast<size_t>(n);
    }
    return {};
}

std::string parent_folder(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Fd::~Fd() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::unique_ptr<File>> open_file(const std::string& path) {
    // O_NONBLOCK: a FIFO must not hold us up before fstat can refuse it.
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        return make_error(ErrorCode::bad_file, "{}: cannot open: {}", path, std::strerror(errno));
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) {
        return make_error(ErrorCode::machine, "{}: cannot stat: {}", path, std::strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return make_error(ErrorCode::bad_file, "{}: is a folder (name a file in it)", path);
    }
    if (!S_ISREG(status.st_mode)) {
        return make_error(ErrorCode::bad_file, "{}: is not a regular file", path);
    }
    const auto size = static_cast<uint64_t>(status.st_size);
    return std::make_unique<PosixFile>(std::move(fd), size, path);
}

Result<void> read_exact(const File& file, uint64_t offset, std::span<std::byte> buffer) {
    HEARTH_TRY(const size_t n, file.read_at(offset, buffer));
    if (n == buffer.size()) return {};
    return make_error(ErrorCode::bad_file,
                      "{}: ends at byte {}, {} bytes wanted at {} (truncated download?)",
                      file.path(), offset + n, buffer.size(), offset);
}

Result<std::string> read_text_file(const std::string& path, size_t max_bytes) {
    HEARTH_TRY(const auto file, open_file(path));
    if (file->size() > max_bytes) {
        return make_error(ErrorCode::bad_file, "{}: too large, {} bytes, at most {} are read", path,
                          file->size(), max_bytes);
    }
    std::string text(static_cast<size_t>(file->size()), '\0');
    HEARTH_TRY_VOID(read_exact(*file, 0, std::as_writable_bytes(std::span(text))));
    return text;
}

Result<void> write_file_atomically(const std::string& path, std::span<const std::byte> content) {
    const std::string temporary = fmt::format("{}.tmp-{}", path, ::getpid());
    {
        Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!fd) {
            return make_error(ErrorCode::machine, "{}: cannot create: {}", temporary,
                              std::strerror(errno));
        }
        auto written = write_all(fd.get(), temporary, content);
        if (written && ::fsync(fd.get()) != 0) {
            written = make_error(ErrorCode::machine, "{}: cannot sync: {}", temporary,
                                 std::strerror(errno));
        }
        if (!written) {
            ::unlink(temporary.c_str());
            return written;
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return make_error(ErrorCode::machine, "{}: cannot replace: {}", path, std::strerror(error));
    }
    return sync_folder_of(path);
}

Result<void> sync_folder_of(const std::string& path) {
    const Fd folder(::open(parent_folder(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) {
        return make_error(ErrorCode::machine, "{}: cannot sync its folder: {}", path,
                          std::strerror(errno));
    }
    return {};
}

}  // namespace hearth
