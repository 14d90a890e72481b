#include "engine/neuron/neuron_loader_file.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/base/log.h"
#include "engine/base/printable.h"

namespace hearth {

namespace {

// What the file system says (since Linux 6.1), 0 for nothing.
size_t told_alignment([[maybe_unused]] int fd) {
#ifdef STATX_DIOALIGN
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) != 0) return 0;
    if ((status.stx_mask & STATX_DIOALIGN) == 0) return 0;
    return std::max(status.stx_dio_mem_align, status.stx_dio_offset_align);
#else
    return 0;
#endif
}

// Reads one block at the first offset and into a buffer that are aligned to `alignment` and not to
// more. A file that is shorter reads nothing there, which the system refuses all the same when the
// alignment is wrong. Returns 0 or the errno.
int try_alignment(int fd, size_t alignment, AlignedBuffer<std::byte>& buffer) {
    const ssize_t n =
        ::pread(fd, buffer.data() + alignment, alignment, static_cast<off_t>(alignment));
    return n < 0 ? errno : 0;
}

// The first alignment that works; 0 with the errno of the last refusal in `refused`.
size_t find_alignment(int fd, size_t wanted, int& refused) {
    std::vector<size_t> candidates{512, 4096};
    if (const size_t told = told_alignment(fd); std::has_single_bit(told)) {
        candidates.insert(candidates.begin(), told);
    }
    if (wanted != 0) candidates = {wanted};
    AlignedBuffer<std::byte> buffer(2 * *std::max_element(candidates.begin(), candidates.end()));
    for (const size_t alignment : candidates) {
        refused = try_alignment(fd, alignment, buffer);
        if (refused == 0) return alignment;
    }
    return 0;
}

}  // namespace

Result<StreamedFile> open_streamed_file(const std::string& path, size_t alignment) {
    const std::string name = printable_path(path);
    // O_NONBLOCK: a FIFO must not hold us up before fstat can refuse it.
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        return make_error(ErrorCode::bad_file, "{}: cannot open: {}", name, std::strerror(errno));
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) {
        return make_error(ErrorCode::machine, "{}: cannot stat: {}", name, std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return make_error(ErrorCode::bad_file, "{}: is not a regular file", name);
    }
    const auto size = static_cast<uint64_t>(status.st_size);
    int refused = 0;
    if (::fcntl(fd.get(), F_SETFL, O_DIRECT) != 0) {
        refused = errno;
    } else if (const size_t found = find_alignment(fd.get(), alignment, refused); found != 0) {
        return StreamedFile{std::move(fd), size, found, true};
    }
    log("{}: direct I/O is refused, reading through the page cache: {}", name,
        std::strerror(refused));
    ::fcntl(fd.get(), F_SETFL, 0);
    // Records lie scattered: reading on behind each would be for nothing.
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_RANDOM);
    return StreamedFile{std::move(fd), size, 1, false};
}

}  // namespace hearth
