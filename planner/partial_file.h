// PartialFile: a large file that grows under a temporary name and appears under its own when it is
// complete.
//
//   open() -> reserve() -> write_at() ... -> publish()
//
// The temporary name is "<path>.partial", in the same folder. A partial file that is there already
// is taken up again: what is in it is for the caller to judge. It stays behind when the work stops
// half-way, unless discard() is called, so that the work can go on later. One process at a time has
// it (a lock that dies with the process).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/base/file.h"
#include "engine/base/result.h"

namespace hearth {

class PartialFile final : public File {
  public:
    // Fails with machine where the folder cannot be written or another process has the file.
    static Result<std::unique_ptr<PartialFile>> open(const std::string& final_path);

    // Brings the file to `bytes` bytes and claims them on disk, as far as the file system does
    // that. Refused with the numbers, before anything is written, when the disk has no room.
    Result<void> reserve(uint64_t bytes);

    // Forgets what is in it; all bytes are zero afterwards.
    Result<void> clear();

    // Thread-safe over disjoint ranges. A full disk is told with what to do about it.
    Result<void> write_at(uint64_t offset, std::span<const std::byte> bytes);

    // Waits until what was written is on disk.
    Result<void> flush();

    // On disk, under its own name, and its folder too. A file that had the name is replaced.
    Result<void> publish();

    // Removes the temporary file; nothing is left behind.
    void discard();

    bool was_written() const { return was_written_; }  // by this process
    bool is_full() const { return is_full_; }          // a write failed for want of room

    // 512 or 4096: what direct reads of this file will want.
    size_t read_alignment() const;

    Result<size_t> read_at(uint64_t offset, std::span<std::byte> buffer) const override;
    uint64_t size() const override { return size_; }
    const std::string& path() const override { return path_; }  // the temporary one
    const std::string& final_path() const { return final_path_; }

  private:
    PartialFile(Fd fd, std::string final_path);
    tl::unexpected<Error> failed(const char* what, int error) const;
    Result<void> failed_to_write(const char* what, int error);

    Fd fd_;
    std::string final_path_;
    std::string path_;
    uint64_t size_ = 0;
    std::atomic<bool> was_written_ = false;
    std::atomic<bool> is_full_ = false;
};

}  // namespace hearth
