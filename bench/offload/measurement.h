// What one run of a contestant came to; travels from the process that ran it as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "planner/storage_rates.h"

namespace hearth::bench {

struct Workload {
    std::string model;
    std::string pack;
    std::string profile;
    StorageRates storage;                  // of the folder they lie in
    std::optional<size_t> gap_bytes = {};  // to be read over; absent: what suits the storage
    size_t n_prompt = 32;
    size_t n_warm = 16;    // decoded, not counted: caches fill
    size_t n_tokens = 64;  // decoded and counted
    size_t n_threads = 2;

    // What is read over between records of that size.
    size_t gap(uint64_t record_bytes, size_t queue_depth) const {
        return gap_bytes ? *gap_bytes : choose_gap(storage, record_bytes, queue_depth);
    }
    size_t n_ctx() const { return n_prompt + n_warm + n_tokens + 1; }
};

struct Measurement {
    double tokens_per_second = 0.0;
    double mean_ms = 0.0;  // of a counted token
    double p99_ms = 0.0;
    double io_share = 0.0;           // of the counted time, waiting for reads
    double megabytes_per_token = 0;  // read
    double reads_per_token = 0.0;
    std::optional<double> hit_rate;  // of cold neurons; absent where none are cached
    std::optional<double> recall;    // of the predictor, where it was measured
    uint64_t peak_rss_bytes = 0;
    std::vector<uint32_t> tokens;  // decoded ones, the warming ones first

    double p99_over_mean() const { return mean_ms > 0.0 ? p99_ms / mean_ms : 0.0; }
};

// Fills the three figures of speed.
void set_latencies(Measurement& measurement, std::vector<double> latencies_ms);

std::string to_json(const Measurement& measurement);
Result<Measurement> measurement_from_json(std::string_view text);

// How far two texts agree before they first differ, as a share of the shorter; absent where one is
// empty.
std::optional<double> equal_share(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b);

}  // namespace hearth::bench
