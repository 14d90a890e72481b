// Reads records of one file into buffers, many at a time, past the page cache.
//
//   submit() -> queued -> in flight (at most queue_depth) -> reap()
//
// What the loader promises
//   - Every tag that submit() took is reaped exactly once: read, failed or cancelled.
//   - A buffer belongs to the loader from submit() until its tag is reaped: until then it must
//     neither be freed nor reused, because the device may still write into it.
//   - Demanded reads begin before read-ahead, whatever was submitted first, and read-ahead keeps to
//     a quarter of the depth, so that a demanded read finds the device free.
//   - Short reads are continued; interrupted and refused ones are tried again, each read at most
//     kMaxRetries times. What then still fails, fails with one line naming file, place and cause.
//   - A refusal (io_uring, O_DIRECT, registered buffers) costs speed, never function: one log line.
//
// Reads are IOPS-bound below 16 KB on the NVMe disks measured here, so two reads cost nearly twice
// one: requests of one submit() whose gap on disk is at most gap_bytes are joined into one read,
// from which they are copied (neuron_loader_read.h); up to kLandingBytes of those are under way.
//
// One thread owns a loader and calls everything. Nothing here blocks on I/O but reap() and
// cancel_all().
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace hearth {

enum class LoaderBackend {
    automatic,  // io_uring; where it is refused, for whatever reason, pread
    io_uring,   // refused means an error
    pread,
};

struct LoaderOptions {
    size_t queue_depth = 128;  // reads in flight, 1 to 4096
    size_t alignment = 0;      // a power of two; 0 = what the file system says, else 512, else 4096
    LoaderBackend backend = LoaderBackend::automatic;
    size_t n_pread_threads = 4;  // 0: reads are done inside reap(), one per call
    size_t gap_bytes = 0;        // the widest to read over rather than to begin another read
    size_t max_joined_bytes = size_t{128} << 10;  // of requests and gaps that travel as one read
    std::chrono::milliseconds timeout{10'000};    // storage that is silent for so long is given up
};

// One stretch of the file. offset, bytes and buffer are multiples of alignment(); it begins before
// the end of the file and ends at most at that end rounded up to a page or alignment() (what lies
// behind the end of the file is not written).
struct ReadRequest {
    uint64_t offset = 0;
    size_t bytes = 0;  // 1 to kMaxReadBytes
    std::byte* buffer = nullptr;
    uint64_t tag = 0;  // the caller's; comes back in Completion
};

struct Completion {
    uint64_t tag = 0;
    std::optional<Error> error = {};  // absent: the buffer holds the bytes
};

enum class ReadPriority { demand, read_ahead };
enum class Wait { none, at_least_one };

struct LoaderStats {
    uint64_t requests = 0;      // tags taken
    uint64_t reads = 0;         // begun on the device, retries not counted
    uint64_t merged = 0;        // requests that travelled in another request's read
    uint64_t bytes = 0;         // of finished reads, gaps included
    uint64_t retries = 0;       // continued or repeated
    uint64_t failures = 0;      // tags reaped with an error, cancelled ones included
    double wait_seconds = 0.0;  // spent blocked in reap(): the stall
    // How long reads were in flight, until they were reaped: [i] counts 2^i to 2^(i+1) us.
    std::array<uint64_t, 32> latency_us_log2{};
};

class ReadBackend;

class NeuronLoader {
  public:
    static constexpr size_t kMaxRetries = 8;
    static constexpr size_t kMaxReadBytes = size_t{1} << 30;
    static constexpr size_t kMaxQueueDepth = 4096;
    static constexpr size_t kMaxGapBytes = size_t{1} << 20;
    // Where joined reads land: one huge page, so that a device takes each in one piece. It is
    // memory only once something is joined.
    static constexpr size_t kLandingBytes = size_t{2} << 20;

    // Opens a regular file for direct reads; buffered ones where direct I/O is refused.
    static Result<std::unique_ptr<NeuronLoader>> open(const std::string& path,
                                                      const LoaderOptions& options);

    // The seam of tests: the same with another ring. `make_ring` returns a backend for up to
    // `depth` reads of `fd`, or the errno with which it was refused.
    using RingMaker =
        std::function<tl::expected<std::unique_ptr<ReadBackend>, int>(int fd, size_t depth)>;
    static Result<std::unique_ptr<NeuronLoader>> open(const std::string& path,
                                                      const LoaderOptions& options,
                                                      const RingMaker& make_ring);

    // Waits for what is in flight (at most the timeout).
    ~NeuronLoader();
    NeuronLoader(const NeuronLoader&) = delete;
    NeuronLoader& operator=(const NeuronLoader&) = delete;

    // Tells where most buffers will lie, which saves the kernel from pinning them read by read.
    // Replaces what was told before; an empty list forgets it. Nothing may be queued or in flight.
    // Memory that is told here must not be unmapped or given back with madvise() before it is
    // forgotten: the kernel would keep reading into the old pages. Returns whether it helps.
    bool use_buffers(std::span<const std::span<std::byte>> regions);

    // Takes all of `requests`, or none and says which one is wrong. Their order does not matter:
    // they are sorted by offset. Fails when the loader has failed for good (see reap()).
    Result<void> submit(std::span<const ReadRequest> requests,
                        ReadPriority priority = ReadPriority::demand);

    // Turns queued read-ahead into demand; tags that are in flight, done or unknown are ignored.
    void promote(std::span<const uint64_t> tags);

    // Appends what has finished or failed to `out`. at_least_one: returns when something has, when
    // nothing is unfinished, or within 50 ms after `stop` was set. Fails for good (everything later
    // fails too) when the storage does not answer within the timeout or the ring broke: buffers of
    // unfinished reads may then be unmapped, but never be used again.
    Result<void> reap(std::vector<Completion>& out, Wait wait,
                      const std::atomic<bool>* stop = nullptr);

    // Drops what is queued, waits for what is in flight and appends all of it to `out`, the dropped
    // ones with ErrorCode::cancelled. Afterwards no buffer is in use, unless it fails as reap().
    Result<void> cancel_all(std::vector<Completion>& out);

    size_t n_unfinished() const;            // submitted and not reaped
    size_t alignment() const;               // 1 where reads are buffered
    bool is_direct() const;                 // past the page cache
    std::string_view backend_name() const;  // "io_uring" or "pread"
    uint64_t file_size() const;
    const LoaderStats& stats() const;

  private:
    struct State;
    explicit NeuronLoader(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace hearth
