// Devices and models for the planner's tests, written by hand.
#pragma once

#include <algorithm>
#include <cmath>

#include "planner/device_profile.h"
#include "planner/model_profile.h"

namespace hearth {

// Rates that scale with the threads of a kernel, for the types tests use.
inline ComputeRates synthetic_compute(double gbps_per_thread, double most_gbps, size_t n_cores) {
    ComputeRates rates;
    rates.loop_us = 3.0;
    for (size_t n = 1; n <= n_cores; ++n) {
        const double read = std::min(most_gbps, gbps_per_thread * static_cast<double>(n));
        rates.read.push_back(read);
        for (const Dtype dtype : {Dtype::f16, Dtype::q4_0, Dtype::q8_0}) {
            rates.kernels.push_back({dtype, n, read * 0.95, read * 0.6, read * 0.5});
        }
    }
    return rates;
}

// Points of a device with so many reads per second at most and so much bandwidth.
inline StorageRates synthetic_storage(double most_reads, double gbps, double latency_us) {
    StorageRates rates;
    rates.is_measured = true;
    rates.is_direct = true;
    rates.sequential_gbps = gbps;
    for (const size_t bytes : {4096, 16384, 65536, 262144, 1048576}) {
        for (const size_t depth : {1, 4, 16, 64}) {
            const double by_depth = static_cast<double>(depth) / latency_us * 1e6;
            const double by_bytes = gbps * 1e9 / static_cast<double>(bytes);
            rates.points.push_back({bytes, depth, std::min({by_depth, by_bytes, most_reads}), 3.0});
        }
    }
    return rates;
}

// A laptop with NVMe.
inline DeviceProfile laptop_profile() {
    DeviceProfile profile;
    profile.identity = {"Synthetic laptop", "avx2", 4, uint64_t{16} << 30, "ef53 259:1"};
    profile.classes = {{{0, 1, 2, 3}, 1024, 1.0}};
    profile.compute = synthetic_compute(15.0, 40.0, 4);
    profile.storage = synthetic_storage(80000, 3.0, 80.0);
    profile.measured_at = "2026-11-20 12:00";
    return profile;
}

// One prime, three middle, four little cores and UFS 3.1: 2 GB/s in order, one queue that does
// 30,000 reads a second at most.
inline DeviceProfile phone_profile() {
    DeviceProfile profile = laptop_profile();
    profile.identity = {"Synthetic phone", "neon", 8, uint64_t{12} << 30, "f2f5 8:0"};
    profile.classes = {{{7}, 1024, 1.0}, {{4, 5, 6}, 800, 0.7}, {{0, 1, 2, 3}, 300, 0.2}};
    profile.compute = synthetic_compute(12.0, 45.0, 8);
    profile.storage = synthetic_storage(30000, 1.2, 120.0);
    profile.storage.alignment = 4096;
    return profile;
}

// Hit rates of the usual shape: a quarter of the neurons makes most firings; a cache as large as
// one token's demand hits about two thirds.
inline HitRateCurve synthetic_curve() {
    std::vector<HitRateCurve::Point> points;
    for (const double hot : {0.0, 0.1, 0.25, 0.5, 0.75, 0.95}) {
        for (const double cache : {0.0, 0.05, 0.1, 0.2, 0.4, 1.0}) {
            points.push_back({hot, cache, 1.0 - std::pow(1.0 - hot, 5.0),
                              std::min(1.0, std::pow(cache / (1.0 - hot), 0.3) * 0.97)});
        }
    }
    return *HitRateCurve::from_points(std::move(points));
}

// Mistral-7B's shape in Q4_0 with ReLU: 4.1 GB, one neuron in ten fires.
inline ModelProfile sparse_7b() {
    ModelProfile model;
    model.identity = "0123456789abcdef0123456789abcdef";
    model.name = "Synthetic 7B";
    ModelSizes& sizes = model.sizes;
    sizes.n_layers = 32;
    sizes.d_model = 4096;
    sizes.d_ff = 14336;
    sizes.activation = FfnActivation::relu;
    sizes.down_is_transposed = true;
    sizes.attention = {uint64_t{32} * (2 * 4096 + 2 * 1024) * 2304, Dtype::q4_0};
    sizes.head = {uint64_t{32000} * 2304, Dtype::q4_0};
    sizes.embedding_bytes = sizes.head.bytes;
    sizes.gate = sizes.up = sizes.down = {uint64_t{32} * 14336 * 2304, Dtype::q4_0};
    sizes.packed_down = sizes.down;
    sizes.packed_row_bytes = 2 * 2304;
    sizes.gate_row_bytes = 2304;
    sizes.kv_bytes_per_token = 4 * 32 * 1024;
    model.n_tokens = 256;
    model.persistence = 0.8;
    model.active.assign(32, 0.1);
    model.hit_rate = synthetic_curve();
    model.firing_rates.assign(32, std::vector<float>(14336, 0.1F));
    return model;
}

// The same with SiLU: nothing to skip.
inline ModelProfile dense_7b() {
    ModelProfile model = sparse_7b();
    model.sizes.activation = FfnActivation::silu;
    model.sizes.down_is_transposed = false;
    model.active.clear();
    model.hit_rate = {};
    model.firing_rates.clear();
    return model;
}

}  // namespace hearth
