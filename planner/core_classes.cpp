#include "planner/core_classes.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "engine/base/aligned_buffer.h"
#include "engine/kernels/kernels.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kCols = 1024;
constexpr size_t kRows = 64;  // 37 KB of Q4_0: in the caches of the smallest core

uint32_t told_capacity(uint32_t core) {
    const std::string path = fmt::format("/sys/devices/system/cpu/cpu{}/cpu_capacity", core);
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
    unsigned capacity = 0;
    if (!file || std::fscanf(file.get(), "%u", &capacity) != 1 || capacity > 1024) return 0;
    return capacity;
}

// GB/s of mat-vecs on the core the thread is on, for a moment.
double matvec_rate(const KernelTable& kernels, const MatrixView& w, const ActivationView& x,
                   float* y, std::chrono::milliseconds round) {
    size_t n = 0;
    const auto begin = Clock::now();
    std::chrono::duration<double> elapsed{};
    while (elapsed < round) {
        kernels.matvec(w, 0, w.rows, x, y);
        ++n;
        elapsed = Clock::now() - begin;
    }
    return static_cast<double>(n * w.rows * w.stride_bytes) / elapsed.count() * 1e-9;
}

// Until a class's speed is measured from several cores: their median.
double median_rate(std::vector<double> rates) {
    std::sort(rates.begin(), rates.end());
    return rates[rates.size() / 2];
}

}  // namespace

std::vector<CoreClass> classify_cores(std::span<const CoreRate> cores) {
    std::vector<CoreRate> sorted(cores.begin(), cores.end());
    const bool is_told = std::all_of(sorted.begin(), sorted.end(),
                                     [](const CoreRate& core) { return core.capacity != 0; });
    std::stable_sort(sorted.begin(), sorted.end(), [&](const CoreRate& a, const CoreRate& b) {
        return is_told ? a.capacity > b.capacity : a.gbps > b.gbps;
    });
    const auto begins_class = [&](const CoreRate& core, const CoreRate& first) {
        return is_told ? core.capacity != first.capacity : core.gbps < kSameClass * first.gbps;
    };
    std::vector<CoreClass> classes;
    std::vector<double> speeds;
    double fastest = 0.0;
    for (size_t begin = 0; begin < sorted.size();) {
        size_t end = begin;
        CoreClass one{{}, std::max(1u, sorted[begin].capacity), 1.0};
        std::vector<double> rates;
        for (; end < sorted.size() && !begins_class(sorted[end], sorted[begin]); ++end) {
            one.cores.push_back(sorted[end].core);
            rates.push_back(sorted[end].gbps);
        }
        if (!is_told) one.capacity = 1024;
        std::sort(one.cores.begin(), one.cores.end());
        speeds.push_back(median_rate(std::move(rates)));
        fastest = std::max(fastest, speeds.back());
        classes.push_back(std::move(one));
        begin = end;
    }
    for (size_t i = 0; i < classes.size(); ++i) {
        classes[i].speed = fastest > 0.0 ? speeds[i] / fastest : 1.0;
    }
    std::stable_sort(classes.begin(), classes.end(),
                     [](const CoreClass& a, const CoreClass& b) { return a.speed > b.speed; });
    return classes;
}

std::vector<CoreRate> measure_cores(const CoreProbe& probe) {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    const bool can_pin = ::sched_getaffinity(0, sizeof allowed, &allowed) == 0;
    const KernelTable& kernels = *supported_kernels().front();
    const MatrixView w{Dtype::q4_0, nullptr, kRows, kCols, row_bytes(Dtype::q4_0, kCols)};
    AlignedBuffer<std::byte> weights(w.rows * w.stride_bytes);
    std::fill_n(weights.data(), weights.size(), std::byte{0x3C});
    AlignedBuffer<float> input(kCols);
    AlignedBuffer<float> output(kRows);
    Q8Rows quantized(1, kCols);
    quantized.set_cols(kCols);
    kernels.quantize_rows(input.data(), kCols, 0, 1, quantized);
    MatrixView view = w;
    view.data = weights.data();
    const ActivationView x{input.data(), &quantized, 1, kCols};
    std::vector<CoreRate> cores;
    // In a thread of its own, so that this one's affinity stays what it was.
    std::thread measuring([&] {
        for (uint32_t core = 0; core < CPU_SETSIZE; ++core) {
            if (can_pin && !CPU_ISSET(core, &allowed)) continue;
            if (!can_pin && core >= std::max(1u, std::thread::hardware_concurrency())) break;
            cores.push_back({core, told_capacity(core), 0.0});
        }
        for (size_t round = 0; round < probe.n_rounds; ++round) {
            for (CoreRate& at : cores) {
                cpu_set_t one;
                CPU_ZERO(&one);
                CPU_SET(at.core, &one);
                (void)::sched_setaffinity(0, sizeof one, &one);  // refused: where it runs
                if (probe.on_core) probe.on_core(at.core);
                at.gbps =
                    std::max(at.gbps, matvec_rate(kernels, view, x, output.data(), probe.round));
            }
        }
    });
    measuring.join();
    return cores;
}

}  // namespace hearth
