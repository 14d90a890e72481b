#include "engine/base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/spin.h"

namespace hearth {

size_t usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0) {
        return std::max<size_t>(1, static_cast<size_t>(CPU_COUNT(&set)));
    }
    return std::max(1u, std::thread::hardware_concurrency());
}

KeepToCores::KeepToCores(std::span<const uint32_t> cores) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const uint32_t core : cores) {
        if (core < CPU_SETSIZE) CPU_SET(core, &set);
    }
    keeps_ = CPU_COUNT(&set) > 0 && ::sched_getaffinity(0, sizeof before_, &before_) == 0 &&
             ::sched_setaffinity(0, sizeof set, &set) == 0;
}

KeepToCores::~KeepToCores() {
    if (keeps_) (void)::sched_setaffinity(0, sizeof before_, &before_);
}

namespace {

// About 20 to 40 microseconds of pause instructions: longer than the gap between two loops of one
// layer, short against a time slice.
constexpr int kSpins = 1500;

// Waits until `value` differs from `old`: spins first, then sleeps.
void wait_for_change(const std::atomic<uint32_t>& value, uint32_t old) {
    for (int i = 0; i < kSpins; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        cpu_relax();
    }
    value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(size_t n_threads, std::vector<uint32_t> cores) : cores_(std::move(cores)) {
    HEARTH_CHECK(n_threads >= 1);
    workers_.reserve(n_threads - 1);
    for (size_t i = 1; i < n_threads; ++i) {
        try {
            workers_.emplace_back([this, i] { worker_main(i); });
        } catch (const std::system_error&) {
            break;  // the system gives no more threads; fewer compute the same
        }
    }
}

ThreadPool::~ThreadPool() {
    stopping_.store(true);
    generation_.fetch_add(1);
    generation_.notify_all();
    workers_.clear();  // joins while the members they read are alive
}

void ThreadPool::run(const Loop& loop) {
    HEARTH_DCHECK(loop.grain > 0);
    if (loop.n == 0) return;
    loop_ = loop;
    next_.store(0, std::memory_order_relaxed);
    // A loop of one range is not worth waking anybody.
    if (workers_.empty() || loop.n <= loop.grain) {
        work(0);
        return;
    }
    open_.store(true);
    generation_.fetch_add(1);  // sequentially consistent: who is about to sleep sees it, or is seen
    generation_.notify_all();
    work(0);
    open_.store(false);
    for (uint32_t inside = inside_.load(); inside != 0; inside = inside_.load()) {
        wait_for_change(inside_, inside);
    }
}

void ThreadPool::work(size_t worker) {
    const Loop loop = loop_;
    for (;;) {
        const size_t begin = next_.fetch_add(loop.grain, std::memory_order_relaxed);
        if (begin >= loop.n) return;
        loop.call(loop.context, begin, std::min(loop.n, begin + loop.grain), worker);
    }
}

void ThreadPool::worker_main(size_t worker) {
    const KeepToCores keep(cores_);
    uint32_t seen = 0;
    for (;;) {
        wait_for_change(generation_, seen);
        seen = generation_.load(std::memory_order_acquire);
        if (stopping_.load()) return;
        inside_.fetch_add(1);
        if (open_.load()) work(worker);
        if (inside_.fetch_sub(1) == 1) inside_.notify_one();
    }
}

}  // namespace hearth
