// How fast this machine reads memory: the limit of decode.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/thread_pool.h"
#include "engine/kernels/kernels.h"

namespace hearth {

// Makes the compiler believe that a value is wanted.
inline void keep_value(uint64_t value) {
    __asm__ volatile("" ::"r"(value));
}

// GB/s over `data`, one sequential stream per thread of the pool, with the best kernels there are.
// The data must have been written once, or nothing of it is in memory.
inline double read_rate(ThreadPool& pool, std::span<const std::byte> data) {
    const KernelTable& kernels = *supported_kernels().front();
    const size_t share = data.size() / pool.n_threads() / 64 * 64;
    const auto begin = std::chrono::steady_clock::now();
    pool.parallel_for(pool.n_threads(), 1, [&](size_t stream, size_t, size_t) {
        keep_value(kernels.fold(data.data() + stream * share, share));
    });
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(share * pool.n_threads()) / elapsed.count() * 1e-9;
}

}  // namespace hearth
