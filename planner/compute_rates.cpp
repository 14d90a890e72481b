#include "planner/compute_rates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <new>

#include "engine/base/aligned_buffer.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/read_rate.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMostBytes = size_t{128} << 20;  // beyond the caches of common processors
constexpr size_t kLeastBytes = size_t{8} << 20;
constexpr size_t kCols = 4096;
constexpr size_t kPickedShare = 10;  // one row in so many: what fires in a ReLU model
constexpr size_t kGroup = 64;        // rows that a kernel gets at a time, as in the sparse FFN
constexpr size_t kRounds = 3;
constexpr size_t kLoops = 200;

constexpr std::array kTypes{Dtype::f32,  Dtype::f16,  Dtype::bf16, Dtype::q4_0, Dtype::q5_0,
                            Dtype::q8_0, Dtype::q4_k, Dtype::q5_k, Dtype::q6_k};

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    return samples[samples.size() / 2];
}

// The median of function(round)'s times.
template <typename Function>
double median_seconds(Function&& function) {
    std::vector<double> samples;
    for (size_t round = 0; round < kRounds; ++round) {
        const auto begin = Clock::now();
        function(round);
        samples.push_back(seconds_since(begin));
    }
    return median(std::move(samples));
}

// The inputs and outputs of the kernels, for up to n_threads.
struct Operands {
    explicit Operands(size_t n_rows, size_t n_threads)
        : input(kCols), output(n_rows), sums(n_threads * kCols), quantized(1, kCols) {
        for (size_t i = 0; i < kCols; ++i) input[i] = static_cast<float>(i % 17) - 8.0F;
        quantized.set_cols(kCols);
        supported_kernels().front()->quantize_rows(input.data(), kCols, 0, 1, quantized);
        std::fill_n(factors.begin(), kGroup, 0.01F);
    }
    ActivationView view() const { return {input.data(), &quantized, 1, kCols}; }

    AlignedBuffer<float> input;
    AlignedBuffer<float> output;
    AlignedBuffer<float> sums;
    Q8Rows quantized;
    std::array<float, kGroup> factors{};
};

// Rows that fire in a scattered way: about one in kPickedShare, ascending. Sets share no row: what
// one round has read is still in the caches.
using RowSets = std::array<std::vector<uint32_t>, kPickedShare>;
RowSets pick_rows(size_t n_rows) {
    RowSets sets;
    uint64_t state = 1;
    for (size_t r = 0; r < n_rows; ++r) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        sets[(state >> 33) % kPickedShare].push_back(static_cast<uint32_t>(r));
    }
    return sets;
}

KernelRate measure_kernels(Dtype dtype, std::span<const std::byte> memory, ThreadPool& pool) {
    const KernelTable& kernels = *supported_kernels().front();
    const size_t stride = row_bytes(dtype, kCols);
    const MatrixView w{dtype, memory.data(), memory.size() / stride, kCols, stride};
    static_assert(2 * kRounds <= kPickedShare);
    const RowSets sets = pick_rows(w.rows);
    Operands operands(w.rows, pool.n_threads());
    const ActivationView x = operands.view();
    const double dense = median_seconds([&](size_t) {
        pool.parallel_for(w.rows, kGroup, [&](size_t begin, size_t end, size_t) {
            kernels.matvec(w, begin, end, x, operands.output.data());
        });
    });
    const double picked = median_seconds([&](size_t round) {
        const std::vector<uint32_t>& rows = sets[round];
        pool.parallel_for(rows.size(), kGroup, [&](size_t begin, size_t end, size_t) {
            kernels.matvec_rows(w, rows.data() + begin, end - begin, x,
                                operands.output.data() + begin);
        });
    });
    const double accumulated = median_seconds([&](size_t round) {
        const std::vector<uint32_t>& rows = sets[kRounds + round];
        pool.parallel_for(rows.size(), kGroup, [&](size_t begin, size_t end, size_t worker) {
            kernels.accumulate_rows(w, rows.data() + begin, operands.factors.data(), end - begin,
                                    operands.sums.data() + worker * kCols);
        });
    });
    const auto all = static_cast<double>(w.rows * stride) * 1e-9;
    const double some = all / kPickedShare;
    return {dtype, pool.n_threads(), all / dense, some / picked, some / accumulated};
}

double measure_loop_us(ThreadPool& pool) {
    return 1e6 / kLoops * median_seconds([&](size_t) {
               for (size_t i = 0; i < kLoops; ++i) {
                   pool.parallel_for(pool.n_threads(), 1,
                                     [&](size_t begin, size_t, size_t) { keep_value(begin); });
               }
           });
}

double bits_per_weight(Dtype dtype) {
    const DtypeTraits& t = traits(dtype);
    return 8.0 * static_cast<double>(t.block_bytes) / static_cast<double>(t.block_elements);
}

}  // namespace

std::vector<size_t> thread_counts(size_t n_cores) {
    std::vector<size_t> counts;
    for (size_t n = 1; n < n_cores; n *= 2) counts.push_back(n);
    counts.push_back(n_cores);
    return counts;
}

const KernelRate& ComputeRates::kernel(Dtype dtype, size_t n_threads) const {
    const auto distance = [&](const KernelRate& rate) {
        // The type first, then the most threads that are not too many.
        const double type = std::abs(bits_per_weight(rate.dtype) - bits_per_weight(dtype));
        const double threads = rate.n_threads > n_threads
                                   ? 0.5
                                   : static_cast<double>(n_threads - rate.n_threads) * 1e-4;
        return (rate.dtype == dtype ? 0.0 : 1.0 + type) + threads;
    };
    return *std::min_element(
        kernels.begin(), kernels.end(),
        [&](const KernelRate& a, const KernelRate& b) { return distance(a) < distance(b); });
}

Result<ComputeRates> measure_compute(size_t n_cores, uint64_t max_bytes, StepProgress& progress) {
    const size_t bytes = std::clamp<uint64_t>(max_bytes, kLeastBytes, kMostBytes) / 64 * 64;
    ComputeRates rates;
    try {
        AlignedBuffer<std::byte> memory(bytes);
        // Every type reads this as small finite numbers; untouched pages would be one page of
        // zeros.
        std::fill_n(memory.data(), bytes, std::byte{0x3C});
        const std::vector<size_t> counts = thread_counts(n_cores);
        const double n_steps = static_cast<double>(counts.size() * (kTypes.size() + 1));
        double step = 0.0;
        for (const size_t n : counts) {
            ThreadPool pool(n);
            std::vector<double> reads;
            for (size_t i = 0; i < kRounds; ++i) reads.push_back(read_rate(pool, memory.span()));
            const double read = median(std::move(reads));
            rates.read.resize(n, read);
            HEARTH_TRY_VOID(progress.report(++step / n_steps));
            for (const Dtype dtype : kTypes) {
                rates.kernels.push_back(measure_kernels(dtype, memory.span(), pool));
                HEARTH_TRY_VOID(progress.report(++step / n_steps));
            }
            rates.loop_us = measure_loop_us(pool);
        }
    } catch (const std::bad_alloc&) {
        return make_error(ErrorCode::machine, "not enough memory to measure with ({} bytes)",
                          bytes);
    }
    return rates;
}

}  // namespace hearth
