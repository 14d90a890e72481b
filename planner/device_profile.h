// DeviceProfile: what one machine can do, measured once and kept (design.md 6.1).
//
// The cost model reads nothing else about a machine: a profile that was written by hand (a phone
// with three kinds of cores and UFS storage) is planned for like a measured one, and tests do that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/neuron/neuron_loader.h"
#include "planner/progress.h"

namespace hearth {

// What a profile was measured on; another identity means: measure again.
struct DeviceIdentity {
    std::string processor;  // "AMD EPYC", as the kernel names it
    std::string isa;        // the kernel table in use
    size_t n_cores = 0;     // that this process may run on
    uint64_t memory_bytes = 0;
    std::string file_system;  // of the packs: type and device, "ext4 254:0"

    bool operator==(const DeviceIdentity&) const = default;
};

// Cores that are alike. Classes are sorted fastest first; every usable core is in one.
struct CoreClass {
    std::vector<uint32_t> cores;  // their numbers, ascending
    uint32_t capacity = 1024;     // what the kernel says, of 1024; 1024 where it says nothing
    double speed = 1.0;           // measured, of the fastest class's: a mat-vec in cache
};

// GB/s of weights, with so many threads working together on a matrix larger than the caches.
struct KernelRate {
    Dtype dtype = Dtype::f32;
    size_t n_threads = 1;
    double dense = 0.0;        // all rows in order: attention, head, dense FFNs, gates
    double picked = 0.0;       // matvec_rows over one row in ten: up of the neurons that fire
    double accumulated = 0.0;  // accumulate_rows over one row in ten: their down
};

struct ComputeRates {
    std::vector<double> read;  // [n - 1]: GB/s that n threads read, one stream each
    std::vector<KernelRate> kernels;
    double loop_us = 0.0;  // what handing a parallel loop to all threads and joining them takes

    // The measured rate nearest from below to n_threads, of that type or of the one with the
    // nearest bits per weight. Profiles have at least one.
    const KernelRate& kernel(Dtype dtype, size_t n_threads) const;
};

// One point of the storage's speed: random reads of `bytes` each, `depth` of them in flight. The
// mean latency is depth / reads_per_second.
struct ReadPoint {
    size_t bytes = 0;
    size_t depth = 0;
    double reads_per_second = 0.0;
    double cpu_us = 0.0;  // processor time per read: what reading takes from computing
};

struct StorageRates {
    bool is_measured = false;  // false: nothing could be measured, these are cautious guesses
    bool is_direct = false;    // past the page cache
    size_t alignment = 512;    // the least that the device takes
    // The faster one; what the loader took where it could choose.
    LoaderBackend backend = LoaderBackend::io_uring;
    size_t n_pread_threads = 4;        // of the pread backend, chosen or not
    double other_backend_factor = 0;   // the other backend's speed over the chosen one's
    std::vector<ReadPoint> points;     // the chosen backend, by bytes, then depth; at least one
    double small_range_factor = 1.0;   // speed within a sixteenth of the file over the whole file's
    double page_aligned_factor = 1.0;  // speed of 4096-aligned reads over `alignment`-aligned ones
    double sequential_gbps = 0.0;      // large reads in order, two in flight

    // Reads per second at a size and depth between measured ones: geometric interpolation. Beyond
    // the ends, smaller reads are not faster and larger ones have the same bandwidth.
    double reads_per_second(double bytes, double depth) const;
    double cpu_us(double bytes, double depth) const;

    // What is assumed of a device that could not be measured.
    static StorageRates cautious();
};

struct DeviceProfile {
    static constexpr uint32_t kVersion = 1;

    DeviceIdentity identity;
    std::vector<CoreClass> classes;
    ComputeRates compute;
    StorageRates storage;
    std::string measured_at;  // "2026-11-20 14:02", for people
};

// The identity of this machine and of the file system that holds `folder`.
Result<DeviceIdentity> identify_device(const std::string& folder);

// Measures everything: a few seconds, 256 MiB written to `folder` under no name (so nothing is left
// behind, however this ends), at most 150 MiB of memory and no more than a quarter of memory_bytes.
// Steps 1 to 3.
Result<DeviceProfile> measure_device(const std::string& folder, uint64_t memory_bytes,
                                     const PlanProgressSink& progress);

// JSON. A file that is damaged, of another version or out of range is bad_file with one line.
std::string to_json(const DeviceProfile& profile);
Result<DeviceProfile> parse_device_profile(const std::string& json, const std::string& name);

}  // namespace hearth
