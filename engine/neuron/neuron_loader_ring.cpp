#include <liburing.h>

#include <algorithm>
#include <cerrno>

#include "engine/base/check.h"
#include "engine/neuron/neuron_loader_backend.h"

namespace hearth {

namespace {

constexpr size_t kMaxRegisteredBytes = size_t{1} << 30;  // of one buffer: the kernel's limit

bool is_transient(int result) {
    return result == -EINTR || result == -EAGAIN || result == -EBUSY || result == -ETIME;
}

class RingBackend final : public ReadBackend {
  public:
    // Takes over an initialised ring.
    RingBackend(const io_uring& ring, int fd) : ring_(ring), fd_(fd) {
        // A registered file saves a reference per read; where it is refused, nothing is lost.
        has_fixed_file_ = ::io_uring_register_files(&ring_, &fd_, 1) == 0;
    }
    ~RingBackend() override { ::io_uring_queue_exit(&ring_); }
    RingBackend(const RingBackend&) = delete;
    RingBackend& operator=(const RingBackend&) = delete;

    std::string_view name() const override { return "io_uring"; }

    void start(std::span<const Read> reads) override {
        for (const Read& read : reads) {
            io_uring_sqe* const sqe = ::io_uring_get_sqe(&ring_);
            HEARTH_CHECK(sqe != nullptr);  // there are as many entries as unfinished reads
            prepare(*sqe, read);
        }
        const int submitted = ::io_uring_submit(&ring_);
        if (submitted < 0 && !is_transient(submitted)) broken_ = submitted;
    }

    int wait(std::vector<Done>& done, std::chrono::milliseconds timeout) override {
        if (broken_ != 0) return broken_;
        int result = 0;
        if (timeout.count() > 0 && ::io_uring_cq_ready(&ring_) == 0) {
            __kernel_timespec limit{.tv_sec = timeout.count() / 1000,
                                    .tv_nsec = timeout.count() % 1000 * 1'000'000};
            io_uring_cqe* first = nullptr;
            result = ::io_uring_submit_and_wait_timeout(&ring_, &first, 1, &limit, nullptr);
        } else if (::io_uring_sq_ready(&ring_) > 0) {
            result = ::io_uring_submit(&ring_);
        }
        if (result < 0 && !is_transient(result)) broken_ = result;
        collect(done);
        return result < 0 && result != -ETIME ? result : 0;
    }

    int use_buffers(std::span<const std::span<std::byte>> regions) override {
        if (!registered_.empty()) ::io_uring_unregister_buffers(&ring_);
        registered_.clear();
        for (std::span<std::byte> rest : regions) {
            while (!rest.empty()) {
                const size_t bytes = std::min(rest.size(), kMaxRegisteredBytes);
                registered_.push_back({rest.data(), bytes});
                rest = rest.subspan(bytes);
            }
        }
        if (registered_.empty()) return 0;
        const int result = ::io_uring_register_buffers(&ring_, registered_.data(),
                                                       static_cast<unsigned>(registered_.size()));
        if (result < 0) registered_.clear();
        return -result;
    }

  private:
    void prepare(io_uring_sqe& sqe, const Read& read) {
        const int fd = has_fixed_file_ ? 0 : fd_;
        const auto bytes = static_cast<unsigned>(read.buffer.size());
        if (const int index = registered_index(read.buffer); index >= 0) {
            ::io_uring_prep_read_fixed(&sqe, fd, read.buffer.data(), bytes, read.offset, index);
        } else {
            ::io_uring_prep_read(&sqe, fd, read.buffer.data(), bytes, read.offset);
        }
        if (has_fixed_file_) sqe.flags |= IOSQE_FIXED_FILE;
        sqe.user_data = read.id;
    }

    // Which registered buffer holds `buffer` wholly, -1 for none.
    int registered_index(std::span<const std::byte> buffer) const {
        const auto begin = reinterpret_cast<uintptr_t>(buffer.data());
        for (size_t i = 0; i < registered_.size(); ++i) {
            const auto base = reinterpret_cast<uintptr_t>(registered_[i].iov_base);
            if (begin >= base && begin + buffer.size() <= base + registered_[i].iov_len) {
                return static_cast<int>(i);
            }
        }
        return -1;
    }

    void collect(std::vector<Done>& done) {
        std::array<io_uring_cqe*, 64> batch;
        unsigned n = 0;
        while ((n = ::io_uring_peek_batch_cqe(&ring_, batch.data(), batch.size())) > 0) {
            for (unsigned i = 0; i < n; ++i) {
                done.push_back({static_cast<uint32_t>(batch[i]->user_data), batch[i]->res});
            }
            ::io_uring_cq_advance(&ring_, n);
        }
    }

    io_uring ring_;
    int fd_;
    bool has_fixed_file_ = false;
    int broken_ = 0;  // -errno after which the ring is not to be trusted
    std::vector<iovec> registered_;
};

}  // namespace

tl::expected<std::unique_ptr<ReadBackend>, int> make_ring_backend(int fd, size_t depth) {
    io_uring ring{};
    io_uring_params params{};
    // Completions are taken when we ask for them instead of interrupting the computation.
    params.flags = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    const auto entries = static_cast<unsigned>(depth);
    int result = ::io_uring_queue_init_params(entries, &ring, &params);
    if (result == -EINVAL) {  // before Linux 5.19
        params = {};
        result = ::io_uring_queue_init_params(entries, &ring, &params);
    }
    if (result < 0) return tl::unexpected(-result);
    if ((params.features & IORING_FEAT_EXT_ARG) == 0) {  // before Linux 5.11: no timed wait
        ::io_uring_queue_exit(&ring);
        return tl::unexpected(ENOSYS);
    }
    return std::make_unique<RingBackend>(ring, fd);
}

}  // namespace hearth
