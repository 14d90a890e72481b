// JoinedRead: neighbouring requests that travel as one read, and how far it has come.
//
// It lands in one piece, gaps and all, and what was asked for is copied out of it: that costs 0.1
// us a KB, where each of the pieces that a scattered read is made of costs a device 1 to 2 us
// (bench/README.md), and an NVMe one takes those that are not whole pages as reads of their own.
#pragma once

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

class JoinedRead {
  public:
    // Of one request, into its own buffer.
    void begin(const QueuedRead& first);

    // Whether `next` begins at most gap_bytes behind the end, and the whole stays in max_bytes.
    bool can_take(const QueuedRead& next, size_t gap_bytes, size_t max_bytes) const;
    // Requests more than one need a `landing` of bytes(), which is theirs until deliver().
    void take(const QueuedRead& next, std::byte* landing);
    std::byte* landing() const { return landing_; }  // null: none

    // What is left to read.
    uint64_t offset() const;
    std::span<std::byte> rest() const;

    // `bytes` more were read. Counts whole multiples of `alignment` only, because a direct read
    // cannot go on from elsewhere, unless that reaches the end: that of the read or of the file.
    void advance(size_t bytes, size_t alignment, uint64_t file_size);
    bool is_complete(uint64_t file_size) const;
    // Once complete: copies what has landed into the requests' buffers.
    void deliver() const;

    std::span<const QueuedRead> requests() const { return requests_; }
    size_t bytes() const { return bytes_; }  // gaps included
    size_t bytes_done() const { return done_; }

    uint32_t n_retries = 0;
    std::chrono::steady_clock::time_point begun{};

  private:
    std::vector<QueuedRead> requests_;  // ascending, not overlapping
    std::byte* landing_ = nullptr;
    size_t bytes_ = 0;
    size_t done_ = 0;
};

}  // namespace hearth
