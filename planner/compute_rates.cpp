#include "planner/compute_rates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <new>
#include <utility>

#include "engine/base/aligned_buffer.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/read_rate.h"
#include "planner/core_shares.h"
#include "planner/disturbance.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMostBytes = size_t{128} << 20;  // beyond the caches of common processors
constexpr size_t kLeastBytes = size_t{8} << 20;
constexpr size_t kCols = 4096;
constexpr size_t kPickedShare = 10;  // one row in so many: what fires in a ReLU model
constexpr size_t kGroup = 64;        // rows that a kernel gets at a time, as in the sparse FFN
constexpr size_t kPasses = 5;
constexpr size_t kMostPasses = 12;  // those included that were disturbed
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

template <typename Function>
double seconds_of(const Function& function) {
    const auto begin = Clock::now();
    function();
    return seconds_since(begin);
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

// One sample of each thing that is measured, with the threads of one pool.
class Sampler {
  public:
    Sampler(std::span<const std::byte> memory, size_t n_threads, std::vector<uint32_t> cores)
        : memory_(memory), pool_(n_threads, std::move(cores)) {
        for (const Dtype dtype : kTypes) {
            const size_t rows = memory.size() / row_bytes(dtype, kCols);
            types_.push_back({dtype, pick_rows(rows), {}, {}, {}});
            most_rows_ = std::max(most_rows_, rows);
        }
        operands_ = std::make_unique<Operands>(most_rows_, pool_.n_threads());
    }

    void sample_read() { reads_.push_back(read_rate(pool_, memory_)); }
    void sample_loop() {
        loops_.push_back(1e6 / kLoops * seconds_of([&] {
                             for (size_t i = 0; i < kLoops; ++i) {
                                 pool_.parallel_for(
                                     pool_.n_threads(), 1,
                                     [&](size_t begin, size_t, size_t) { keep_value(begin); });
                             }
                         }));
    }

    void sample_kernels(size_t type, size_t pass) {
        const KernelTable& kernels = *supported_kernels().front();
        Type& at = types_[type];
        const size_t stride = row_bytes(at.dtype, kCols);
        const MatrixView w{at.dtype, memory_.data(), memory_.size() / stride, kCols, stride};
        const ActivationView x = operands_->view();
        at.dense.push_back(seconds_of([&] {
            pool_.parallel_for(w.rows, kGroup, [&](size_t begin, size_t end, size_t) {
                kernels.matvec(w, begin, end, x, operands_->output.data());
            });
        }));
        const std::vector<uint32_t>& picked = at.sets[2 * pass % kPickedShare];
        at.picked.push_back(seconds_of([&] {
            pool_.parallel_for(picked.size(), kGroup, [&](size_t begin, size_t end, size_t) {
                kernels.matvec_rows(w, picked.data() + begin, end - begin, x,
                                    operands_->output.data() + begin);
            });
        }));
        const std::vector<uint32_t>& added = at.sets[(2 * pass + 1) % kPickedShare];
        at.accumulated.push_back(seconds_of([&] {
            pool_.parallel_for(added.size(), kGroup, [&](size_t begin, size_t end, size_t worker) {
                kernels.accumulate_rows(w, added.data() + begin, operands_->factors.data(),
                                        end - begin, operands_->sums.data() + worker * kCols);
            });
        }));
    }

    // Takes the last pass back.
    void forget_pass() {
        reads_.pop_back();
        loops_.pop_back();
        for (Type& at : types_) {
            for (auto* samples : {&at.dense, &at.picked, &at.accumulated}) samples->pop_back();
        }
    }

    void add_to(ComputeRates& rates) const {
        rates.read.resize(pool_.n_threads(), median(reads_));
        rates.loop_us = median(loops_);
        for (const Type& at : types_) {
            const auto all = static_cast<double>(memory_.size()) * 1e-9;
            const double some = all / kPickedShare;
            rates.kernels.push_back({at.dtype, pool_.n_threads(), all / median(at.dense),
                                     some / median(at.picked), some / median(at.accumulated)});
        }
    }

  private:
    struct Type {
        Dtype dtype;
        RowSets sets;
        // Seconds, one per pass.
        std::vector<double> dense;
        std::vector<double> picked;
        std::vector<double> accumulated;
    };

    std::span<const std::byte> memory_;
    ThreadPool pool_;
    size_t most_rows_ = 0;
    std::vector<Type> types_;
    std::unique_ptr<Operands> operands_;
    std::vector<double> reads_;  // GB/s
    std::vector<double> loops_;  // microseconds
};

double bits_per_weight(Dtype dtype) {
    const DtypeTraits& t = traits(dtype);
    return 8.0 * static_cast<double>(t.block_bytes) / static_cast<double>(t.block_elements);
}

}  // namespace

std::vector<size_t> thread_counts(size_t n_cores, std::span<const CoreClass> classes) {
    std::vector<size_t> counts{n_cores};
    for (size_t n = 1; n < n_cores; n *= 2) counts.push_back(n);
    size_t n = 0;
    for (const CoreClass& one : classes) counts.push_back(n += one.cores.size());
    std::erase_if(counts, [&](size_t count) { return count > n_cores; });
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
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

Result<ComputeRates> measure_compute(std::span<const CoreClass> classes, uint64_t max_bytes,
                                     StepProgress& progress) {
    const size_t bytes = std::clamp<uint64_t>(max_bytes, kLeastBytes, kMostBytes) / 64 * 64;
    size_t n_cores = 0;
    for (const CoreClass& one : classes) n_cores += one.cores.size();
    ComputeRates rates;
    try {
        AlignedBuffer<std::byte> memory(bytes);
        // Every type reads this as small finite numbers; untouched pages would be one page of
        // zeros.
        std::fill_n(memory.data(), bytes, std::byte{0x3C});
        std::vector<std::unique_ptr<Sampler>> samplers;
        for (const size_t n : thread_counts(n_cores, classes)) {
            samplers.push_back(
                std::make_unique<Sampler>(memory.span(), n, fastest_cores(classes, n)));
        }
        // Everything once, then everything again: what disturbs for a second disturbs one pass.
        Disturbance others;
        for (size_t pass = 0, kept = 0; kept < kPasses; ++pass) {
            others.begin();
            for (const auto& sampler : samplers) {
                sampler->sample_read();
                sampler->sample_loop();
                for (size_t type = 0; type < kTypes.size(); ++type) {
                    const double done =
                        static_cast<double>(kept) +
                        static_cast<double>(type) / static_cast<double>(kTypes.size());
                    HEARTH_TRY_VOID(progress.report(done / static_cast<double>(kPasses)));
                    sampler->sample_kernels(type, pass);
                }
            }
            if (others.cores() > kDisturbed && pass < kMostPasses - (kPasses - kept)) {
                for (const auto& sampler : samplers) sampler->forget_pass();
            } else {
                ++kept;
            }
        }
        for (const auto& sampler : samplers) sampler->add_to(rates);
    } catch (const std::bad_alloc&) {
        return make_error(ErrorCode::machine, "not enough memory to measure with ({} bytes)",
                          bytes);
    }
    return rates;
}

}  // namespace hearth
