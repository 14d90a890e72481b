// ThreadPool: fixed compute threads for parallel loops; the caller is worker 0.
//
// A decode token runs a few hundred short loops, so waking must cost microseconds: workers spin for
// a bounded time after a loop and then sleep on a futex. The bound keeps a busy or oversubscribed
// machine from collapsing (PowerInfer v1's unbounded spin barriers do: measured-here.md).
#pragma once

#include <sched.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <type_traits>
#include <vector>

#include "engine/base/aligned_buffer.h"

namespace hearth {

// Cores this process may run on: taskset and cgroup cpusets count, hyper-threads too.
size_t usable_cores();

// While it lives, the thread that made it (and ends it) runs on these cores only. None, or none
// that it may use: wherever the system puts it, a slower place is no error.
class KeepToCores {
  public:
    explicit KeepToCores(std::span<const uint32_t> cores);
    ~KeepToCores();
    KeepToCores(const KeepToCores&) = delete;
    KeepToCores& operator=(const KeepToCores&) = delete;

  private:
    cpu_set_t before_;
    bool keeps_ = false;
};

class ThreadPool {
  public:
    // n_threads includes the calling thread; at least 1. Where the system gives fewer threads the
    // pool is smaller. The others keep to `cores`.
    explicit ThreadPool(size_t n_threads, std::vector<uint32_t> cores = {});
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    size_t n_threads() const { return workers_.size() + 1; }

    // Calls body(begin, end, worker) for ranges that cover [0, n) once. Ranges begin at multiples
    // of `grain` and are at most `grain` long; any free worker takes the next. Returns when all are
    // done. One caller at a time; body must not throw and must not call back into the pool.
    // Which worker runs a range is not determined: results must not depend on it.
    template <typename Body>
    void parallel_for(size_t n, size_t grain, Body&& body) {
        using Decayed = std::remove_reference_t<Body>;
        run(Loop{n, grain,
                 [](void* context, size_t begin, size_t end, size_t worker) {
                     (*static_cast<Decayed*>(context))(begin, end, worker);
                 },
                 const_cast<void*>(static_cast<const void*>(&body))});
    }

  private:
    struct Loop {
        size_t n = 0;
        size_t grain = 1;
        void (*call)(void* context, size_t begin, size_t end, size_t worker) = nullptr;
        void* context = nullptr;
    };

    void run(const Loop& loop);
    void work(size_t worker);  // takes ranges until none is left
    void worker_main(size_t worker);

    const std::vector<uint32_t> cores_;
    std::vector<std::jthread> workers_;
    Loop loop_;                                                // written before the loop opens
    alignas(kCacheLine) std::atomic<size_t> next_{0};          // first index not handed out
    alignas(kCacheLine) std::atomic<uint32_t> generation_{0};  // rises by one per loop
    // A worker that wakes too late must not touch a loop that is over, and nobody waits for it: it
    // enters (inside_ rises), then looks whether the loop is still open. The caller closes the loop
    // when no range is left, then waits until nobody is inside. Both orders are sequentially
    // consistent, so one of the two sees the other.
    alignas(kCacheLine) std::atomic<bool> open_{false};
    std::atomic<uint32_t> inside_{0};
    std::atomic<bool> stopping_{false};
};

}  // namespace hearth
