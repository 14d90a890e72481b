#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "engine/neuron/neuron_loader_backend.h"

namespace hearth {

namespace {

class PreadBackend final : public ReadBackend {
  public:
    PreadBackend(int fd, size_t n_threads) : fd_(fd) {
        try {
            for (size_t i = 0; i < n_threads; ++i) threads_.emplace_back([this] { work(); });
        } catch (const std::system_error&) {
            // The threads that there are will do.
        }
    }
    ~PreadBackend() override {
        {
            const std::lock_guard lock(mutex_);
            queue_.clear();
            is_closing_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }
    PreadBackend(const PreadBackend&) = delete;
    PreadBackend& operator=(const PreadBackend&) = delete;

    std::string_view name() const override { return "pread"; }

    void start(std::span<const Read> reads) override {
        {
            const std::lock_guard lock(mutex_);
            queue_.insert(queue_.end(), reads.begin(), reads.end());
        }
        reads.size() == 1 ? wake_.notify_one() : wake_.notify_all();
    }

    int wait(std::vector<Done>& done, std::chrono::milliseconds timeout) override {
        if (threads_.empty()) {
            if (queue_.empty()) return 0;
            done.push_back(do_read(queue_.front()));
            queue_.pop_front();
            return 0;
        }
        std::unique_lock lock(mutex_);
        if (timeout.count() > 0) finished_.wait_for(lock, timeout, [&] { return !done_.empty(); });
        done.insert(done.end(), done_.begin(), done_.end());
        done_.clear();
        return 0;
    }

    int use_buffers(std::span<const std::span<std::byte>>) override { return EOPNOTSUPP; }

  private:
    Done do_read(const Read& read) const {
        const ssize_t n =
            ::pread(fd_, read.buffer.data(), read.buffer.size(), static_cast<off_t>(read.offset));
        return {read.id, n < 0 ? -errno : static_cast<int>(n)};
    }

    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wake_.wait(lock, [&] { return is_closing_ || !queue_.empty(); });
            if (is_closing_) return;
            const Read read = queue_.front();
            queue_.pop_front();
            lock.unlock();
            const Done done = do_read(read);
            lock.lock();
            done_.push_back(done);
            finished_.notify_one();
        }
    }

    int fd_;
    std::mutex mutex_;  // guards what follows, up to the threads
    std::condition_variable wake_;
    std::condition_variable finished_;
    std::deque<Read> queue_;
    std::vector<Done> done_;
    bool is_closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<ReadBackend> make_pread_backend(int fd, size_t n_threads) {
    return std::make_unique<PreadBackend>(fd, n_threads);
}

}  // namespace hearth
