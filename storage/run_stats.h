// Turn statistics: what one generation did, in numbers, kept beside the message it wrote.
//
// A plain struct of the store's own: the app translates the engine's RunStats into it. What was not
// measured is nullopt (NULL in the database), never zero.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "storage/conversations.h"

namespace hearth {

class Database;

struct TurnStats {
    std::string model;         // name as the model file says
    std::string plan;          // "" = none
    std::string sampler_json;  // sampler settings with the seed, one JSON object
    uint64_t threads = 0;
    uint64_t context_tokens = 0;  // size of the KV cache

    uint64_t prompt_tokens = 0;   // all of the prompt
    uint64_t reused_tokens = 0;   // of these, found in the KV cache
    uint64_t prefill_tokens = 0;  // of these, computed
    double prefill_seconds = 0.0;
    uint64_t decode_tokens = 0;
    double decode_seconds = 0.0;
    double ttft_ms = 0.0;
    double latency_mean_ms = 0.0;  // per decoded token, as the four below
    double latency_p50_ms = 0.0;
    double latency_p90_ms = 0.0;
    double latency_p99_ms = 0.0;

    uint64_t fixed_bytes = 0;
    uint64_t hot_bytes = 0;
    uint64_t hot_hits = 0;
    uint64_t cold_bytes = 0;
    uint64_t cold_capacity_bytes = 0;
    uint64_t cold_hits = 0;
    uint64_t cold_misses = 0;
    uint64_t cold_evictions = 0;
    uint64_t io_reads = 0;
    uint64_t io_bytes = 0;
    double io_stall_seconds = 0.0;

    std::string sparsity_mode;
    std::optional<double> active_fraction;
    std::optional<double> predictor_recall;
    uint64_t memory_budget_bytes = 0;  // 0 = none was given
    uint64_t peak_rss_bytes = 0;

    bool operator==(const TurnStats&) const = default;
};

// Turn statistics in the database. Belongs to a Store; used by the thread that owns it.
class RunStatsLog {
  public:
    explicit RunStatsLog(Database& database) : database_(database) {}

    // Adds one turn. An answer that was continued has several.
    Result<void> record(MessageId message, const TurnStats& stats);

    // The turns that wrote a message, oldest first.
    Result<std::vector<TurnStats>> of_message(MessageId message);

  private:
    Database& database_;
};

}  // namespace hearth
