// ReadBackend: what does the reads of a NeuronLoader, and the seam where tests inject faults.
//
// Two of them: the ring (io_uring) and pread, by threads or in the calling thread. Neither retries,
// merges nor judges: they report what the system said, and the loader decides.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace hearth {

// One thread owns a backend and calls everything.
class ReadBackend {
  public:
    // Into `buffer`, which lies still until it is done.
    struct Read {
        uint32_t id = 0;
        uint64_t offset = 0;
        std::span<std::byte> buffer;
    };
    struct Done {
        uint32_t id = 0;
        int result = 0;  // bytes read, 0 at the end of the file, -errno
    };

    virtual ~ReadBackend() = default;
    virtual std::string_view name() const = 0;

    // Begins reads without waiting for any. There are never more unfinished ones than the depth the
    // backend was made for. What cannot begin now begins in wait().
    virtual void start(std::span<const Read> reads) = 0;

    // Appends what is done, waiting for the first at most `timeout` (zero: not at all). Returns 0
    // or -errno: after EINTR, EAGAIN and EBUSY wait again; after anything else no completion can be
    // relied on any more.
    virtual int wait(std::vector<Done>& done, std::chrono::milliseconds timeout) = 0;

    // NeuronLoader::use_buffers(). Returns 0 or an errno.
    virtual int use_buffers(std::span<const std::span<std::byte>> regions) = 0;
};

// The file descriptor must outlive the backend. The ring may be refused for many reasons (a sysctl,
// seccomp in a container, an old kernel, limits): the errno says which.
tl::expected<std::unique_ptr<ReadBackend>, int> make_ring_backend(int fd, size_t depth);

// With no threads, or where none can be started, each wait() does one read itself.
std::unique_ptr<ReadBackend> make_pread_backend(int fd, size_t n_threads);

}  // namespace hearth
