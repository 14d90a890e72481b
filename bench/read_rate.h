// The limit of decode: how fast the machine reads memory, one sequential stream per thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bench/bench.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/intrinsics.h"
#include "engine/kernels/kernels.h"

namespace hearth::bench {

// One sequential stream of 64-byte loads.
__attribute__((target("avx512f"))) inline uint64_t read_wide(const std::byte* data, size_t bytes) {
    __m512i sums[4] = {};
    for (size_t i = 0; i + 256 <= bytes; i += 256) {
        for (size_t j = 0; j < 4; ++j) {
            sums[j] = _mm512_xor_si512(sums[j], _mm512_loadu_si512(data + i + j * 64));
        }
    }
    return static_cast<uint64_t>(_mm512_reduce_add_epi64(
        _mm512_xor_si512(_mm512_xor_si512(sums[0], sums[1]), _mm512_xor_si512(sums[2], sums[3]))));
}

inline uint64_t read_narrow(const std::byte* data, size_t bytes) {
    __m128i sum = _mm_setzero_si128();
    for (size_t i = 0; i + 16 <= bytes; i += 16) {
        sum = _mm_xor_si128(sum, _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + i)));
    }
    return static_cast<uint64_t>(_mm_cvtsi128_si64(sum));
}

// With the widest loads this processor has.
inline uint64_t read_bytes(const std::byte* data, size_t bytes) {
    const bool wide = supported_kernels().front()->name == "avx512";
    return wide ? read_wide(data, bytes) : read_narrow(data, bytes);
}

// Makes the compiler believe that a value is wanted.
inline void keep(uint64_t value) {
    __asm__ volatile("" ::"r"(value));
}

// GB/s with one stream per thread of the pool.
inline double read_rate(ThreadPool& pool, const std::byte* data, size_t bytes) {
    const double time = seconds([&] {
        pool.parallel_for(bytes, bytes / pool.n_threads(), [&](size_t begin, size_t end, size_t) {
            keep(read_bytes(data + begin, end - begin));
        });
    });
    return static_cast<double>(bytes) / time * 1e-9;
}

}  // namespace hearth::bench
