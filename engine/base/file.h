// The only thing the rest of the program knows of files: the seam where tests inject faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "engine/base/result.h"

namespace hearth {

// Owns a file descriptor.
class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    ~Fd();
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

// A file opened for reading at offsets. Thread-safe: it has no position.
class File {
  public:
    virtual ~File() = default;

    // Reads up to buffer.size() bytes at `offset`. Fewer bytes than asked mean end of file.
    // Interrupted and short system reads are continued inside. Fails with ErrorCode::machine.
    virtual Result<size_t> read_at(uint64_t offset, std::span<std::byte> buffer) const = 0;

    // The size in bytes, taken once when the file was opened.
    virtual uint64_t size() const = 0;

    // As given to open; for messages.
    virtual const std::string& path() const = 0;
};

// Opens a regular file. A directory, FIFO, socket or device is refused without blocking.
Result<std::unique_ptr<File>> open_file(const std::string& path);

// Fills the whole buffer or fails; a short file is ErrorCode::bad_file.
Result<void> read_exact(const File& file, uint64_t offset, std::span<std::byte> buffer);

// The whole file as a string; refused when larger than max_bytes.
Result<std::string> read_text_file(const std::string& path, size_t max_bytes);

// Replaces `path` by `content` atomically: temporary file beside it, fsync, rename, fsync of the
// folder. Mode 0600. After an error or a crash the old file is intact.
Result<void> write_file_atomically(const std::string& path, std::span<const std::byte> content);

// Makes a rename or removal of `path` last: syncs the folder that holds it.
Result<void> sync_folder_of(const std::string& path);

}  // namespace hearth
