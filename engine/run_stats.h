// RunStats: what one prefill + generate did, in numbers. What the engine does not measure is absent
// (nullopt), never zero. Definitions are those of `hearth --help stats`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hearth {

struct PhaseStats {
    size_t tokens = 0;  // computed in this phase (reused ones are not counted)
    double seconds = 0.0;
    double tokens_per_second() const {
        return seconds > 0.0 ? static_cast<double>(tokens) / seconds : 0.0;
    }
};

struct LatencyStats {
    double mean = 0.0;  // milliseconds per decoded token
    double p50 = 0.0;
    double p90 = 0.0;
    double p99 = 0.0;
};
// Percentiles by the nearest-rank rule; all zero for an empty list.
LatencyStats summarize_latencies(std::vector<double> milliseconds);

struct SegmentStats {
    uint64_t bytes = 0;
    uint64_t capacity_bytes = 0;
    uint64_t hits = 0;
    uint64_t misses = 0;
    uint64_t evictions = 0;
    std::optional<double> hit_rate() const {
        if (hits + misses == 0) return std::nullopt;
        return static_cast<double>(hits) / static_cast<double>(hits + misses);
    }
};

struct RunStats {
    size_t prompt_tokens = 0;  // all of the prompt
    size_t reused_tokens = 0;  // of these, found in the KV cache
    double ttft_ms = 0.0;      // prefill() begins -> first sampled token
    PhaseStats prefill;
    PhaseStats decode;        // the first sampled token belongs to prefill: it costs no decode
    LatencyStats latency_ms;  // per decoded token

    uint64_t bytes_per_token = 0;  // weight bytes a dense decode step reads
    uint64_t fixed_bytes = 0;      // attention, norms, embeddings, head, KV
    SegmentStats hot;              // resident FFN weights
    SegmentStats cold;             // streamed FFN weights: empty when everything is resident
    uint64_t io_reads = 0;
    uint64_t io_bytes = 0;
    double io_stall_seconds = 0.0;

    std::string sparsity_mode = "dense";
    std::optional<double> active_fraction;  // of FFN neurons, decode
    std::optional<double> predictor_recall;

    uint64_t memory_budget_bytes = 0;  // 0 = none was given
    uint64_t peak_rss_bytes = 0;
    std::string plan;  // name of the plan in force, "" = none
};

}  // namespace hearth
