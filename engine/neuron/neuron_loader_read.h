// ScatteredRead: neighbouring requests that travel as one read, and how far it has come.
#pragma once

#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/neuron/neuron_loader.h"

namespace hearth {

struct QueuedRead {
    ReadRequest request;
    uint32_t n_retries = 0;
    ReadPriority priority = ReadPriority::demand;
    bool travels_alone = false;  // a joined read failed: now each for itself
};

class ScatteredRead {
  public:
    static constexpr size_t kMaxRequests = 64;

    // `scratch` takes the bytes of gaps, and need only hold the widest; reads may share it.
    void begin(const QueuedRead& first, std::byte* scratch);

    // Whether `next` begins at most gap_bytes behind the end, and the whole stays in max_bytes.
    bool can_take(const QueuedRead& next, size_t gap_bytes, size_t max_bytes) const;
    void take(const QueuedRead& next);

    // What is left to read: the offset and the buffers, which lie still until the next call.
    uint64_t offset() const;
    std::span<const iovec> parts();

    // `bytes` more were read. Counts whole multiples of `alignment` only, because a direct read
    // cannot go on from elsewhere, unless that reaches the end: that of the read or of the file.
    void advance(size_t bytes, size_t alignment, uint64_t file_size);
    bool is_complete(uint64_t file_size) const;

    std::span<const QueuedRead> requests() const { return requests_; }
    size_t bytes() const { return bytes_; }  // gaps included
    size_t bytes_done() const { return done_; }

    uint32_t n_retries = 0;
    std::chrono::steady_clock::time_point begun{};

  private:
    std::vector<QueuedRead> requests_;  // ascending, not overlapping
    std::vector<iovec> parts_;
    std::byte* scratch_ = nullptr;
    size_t bytes_ = 0;
    size_t done_ = 0;
};

}  // namespace hearth
