// Turn statistics: what one generation did, in numbers, kept beside the message it wrote.
//
// A plain struct of the store's own: the app translates the engine's RunStats into it. What was not
// measured is nullopt (NULL in the database), never zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "storage/conversations.h"

namespace hearth {

class Database;

// What one layer did in a turn.
struct LayerCounters {
    uint64_t hot_neurons = 0;      // in memory for good
    uint64_t present_neurons = 0;  // in memory at the end, hot ones included
    uint64_t cold_hits = 0;
    uint64_t cold_misses = 0;

    bool operator==(const LayerCounters&) const = default;
};

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

    std::vector<LayerCounters> layers = {};  // empty = not measured

    bool operator==(const TurnStats&) const = default;
};

// One turn as it was recorded.
struct Turn {
    int64_t recorded_ms = 0;
    std::string machine;  // "" = not known
    TurnStats stats;

    bool operator==(const Turn&) const = default;
};

// What was going on in one second of an answer (in one minute, once it is old).
struct Sample {
    int64_t at_ms = 0;
    double seconds = 1.0;
    double tokens_per_second = 0.0;
    std::optional<double> cold_hit_rate = std::nullopt;
    uint64_t io_bytes = 0;
    std::optional<double> stall_seconds = std::nullopt;
    uint64_t rss_bytes = 0;

    bool operator==(const Sample&) const = default;
};

// Turns of one day, plan, model or machine together. Rates are sums over sums, never means of
// rates.
struct StatsRow {
    std::string group;  // "2026-11-20", the plan's name, ...
    uint64_t turns = 0;
    uint64_t prompt_tokens = 0;
    uint64_t reused_tokens = 0;
    uint64_t prefill_tokens = 0;
    std::optional<double> prefill_tokens_per_second;
    uint64_t decode_tokens = 0;
    std::optional<double> decode_tokens_per_second;
    double ttft_ms = 0.0;  // mean
    std::optional<double> cold_hit_rate;
    uint64_t io_bytes = 0;
    double stall_seconds = 0.0;
    uint64_t peak_rss_bytes = 0;  // the largest
};
enum class GroupBy { day, plan, model, machine, turn };

// Turn statistics in the database. Belongs to a Store; used by the thread that owns it.
class RunStatsLog {
  public:
    explicit RunStatsLog(Database& database) : database_(database) {}

    // The machine of the turns that record() adds from now on: "AMD EPYC, 2 cores, 24 GiB".
    void use_machine(std::string_view name) { machine_ = name; }

    // Adds one turn. An answer that was continued has several.
    Result<void> record(MessageId message, const TurnStats& stats);
    // Adds one as it was recorded elsewhere. Inside the caller's transaction, if there is one.
    Result<void> add(MessageId message, const Turn& turn);

    // The turns that wrote a message, oldest first.
    Result<std::vector<TurnStats>> of_message(MessageId message);
    Result<std::vector<Turn>> turns_of(MessageId message);

    // Turns since a moment in groups: days and turns in order of time, the others by turns.
    Result<std::vector<StatsRow>> summary(GroupBy by, int64_t since_ms);

    // Adds a sample; one of the same moment is replaced.
    Result<void> add_sample(const Sample& sample);
    Result<std::vector<Sample>> samples(int64_t since_ms);
    // Joins samples older than 30 days to one a minute, and removes those older than a year.
    // Cheap where there is nothing to do.
    Result<void> thin_samples(int64_t now_ms);

  private:
    Database& database_;
    std::string machine_;
};

// The counters of all layers as the database keeps them: one version byte, then per layer four
// little-endian 64-bit numbers in the order of LayerCounters, all of it a zstd frame.
Result<std::vector<std::byte>> pack_layers(std::span<const LayerCounters> layers);
// bad_file ("<name>: ...") when it is not that.
Result<std::vector<LayerCounters>> unpack_layers(std::span<const std::byte> blob,
                                                 const std::string& name);

}  // namespace hearth
