// Zstandard: bytes made smaller, and back within a limit.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace hearth {

// One frame with a checksum. Frames may stand one behind the other: expand() reads them as one.
// Level 1 (fast) to 19 (small). machine when there is no memory.
Result<std::vector<std::byte>> compress(std::span<const std::byte> bytes, int level);

// All frames in `bytes`, handed out piece by piece; `sink` may fail. bad_file ("<name>: ...") when
// the data is damaged, ends early, or holds more than `max_bytes`.
using ByteSink = std::function<Result<void>(std::span<const std::byte> piece)>;
Result<void> expand(std::span<const std::byte> bytes, size_t max_bytes, const std::string& name,
                    const ByteSink& sink);
Result<std::vector<std::byte>> expand(std::span<const std::byte> bytes, size_t max_bytes,
                                      const std::string& name);

// One frame, written piece by piece.
class FrameWriter {
  public:
    // `sink` gets the compressed bytes.
    static Result<FrameWriter> create(int level, ByteSink sink);
    Result<void> write(std::span<const std::byte> bytes);
    // Ends the frame; nothing may follow.
    Result<void> finish();

  private:
    struct Free {
        void operator()(ZSTD_CCtx_s* context) const;
    };
    FrameWriter(ZSTD_CCtx_s* context, ByteSink sink) : context_(context), sink_(std::move(sink)) {}
    Result<void> push(std::span<const std::byte> bytes, bool end);

    std::unique_ptr<ZSTD_CCtx_s, Free> context_;
    ByteSink sink_;
    std::vector<std::byte> out_;
};

// One frame, read piece by piece.
class FrameReader {
  public:
    // Fills a buffer with the next compressed bytes; fewer than asked mean the end.
    using Source = std::function<Result<size_t>(std::span<std::byte> buffer)>;
    // `name` is for messages.
    static Result<FrameReader> create(Source source, std::string name);
    // Fills `bytes`; bad_file when the frame is damaged or ends before.
    Result<void> read(std::span<std::byte> bytes);
    // Whether the frame ends here, its checksum being right.
    Result<void> expect_end();

  private:
    struct Free {
        void operator()(ZSTD_DCtx_s* context) const;
    };
    FrameReader(ZSTD_DCtx_s* context, Source source, std::string name)
        : context_(context), source_(std::move(source)), name_(std::move(name)) {}
    Result<void> refill();

    std::unique_ptr<ZSTD_DCtx_s, Free> context_;
    Source source_;
    std::string name_;
    std::vector<std::byte> in_;
    size_t in_size_ = 0;
    size_t in_pos_ = 0;
    size_t wanted_ = 1;  // 0: the frame is complete
};

// Whether `bytes` begin as a frame does.
bool is_compressed(std::span<const std::byte> bytes);

}  // namespace hearth
