// HeaderReader: the bytes of a GGUF header in order, read in large blocks, bounded by the file.
//
// A vocabulary is half a million small values: a system call for each would make loading slow
// (llama.cpp #19919), and a length field must never decide how much is allocated before it was
// compared with what the file still has (reliability.md 3.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/result.h"

namespace hearth {

// The longest string value (a chat template, a token), and the most bytes of header that are read.
inline constexpr uint64_t kMaxStringBytes = uint64_t{16} << 20;
inline constexpr uint64_t kMaxHeaderBytes = uint64_t{256} << 20;

// One reader per file; `file` must outlive it. Errors are ErrorCode::bad_file and name the file,
// the byte and `what` was being read; `what` is text of ours or has gone through printable().
class HeaderReader {
  public:
    explicit HeaderReader(const File& file);

    // Byte offset of the next value, and how many bytes may still be read.
    uint64_t position() const { return block_offset_ + next_; }
    uint64_t remaining() const { return end_ - position(); }
    // The path as messages show it.
    const std::string& name() const { return name_; }

    // A little-endian number.
    template <typename T>
    Result<T> number(std::string_view what) {
        T value{};
        HEARTH_TRY_VOID(bytes(std::as_writable_bytes(std::span(&value, 1)), what));
        return value;
    }
    // A u64 length and that many bytes; no terminator.
    Result<std::string> string(std::string_view what);
    // Fills `out`.
    Result<void> bytes(std::span<std::byte> out, std::string_view what);

    // "<file>: <message>" as an error.
    template <typename... Args>
    tl::unexpected<Error> error(fmt::format_string<Args...> format, Args&&... args) const {
        return make_error(ErrorCode::bad_file, "{}: {}", name_,
                          fmt::format(format, std::forward<Args>(args)...));
    }

  private:
    tl::unexpected<Error> ends_early(uint64_t wanted, std::string_view what) const;
    Result<void> refill();

    const File& file_;
    std::string name_;
    uint64_t end_;  // of what may be read: the file's end or kMaxHeaderBytes
    std::vector<std::byte> block_;
    uint64_t block_offset_ = 0;  // of block_[0] in the file
    size_t next_ = 0;            // index into block_
};

}  // namespace hearth
