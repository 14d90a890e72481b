// EngineView: what the engine is doing, as numbers to show. What is not known is absent, never
// zero. EngineMonitor makes it from the worker's events; it draws nothing and reads no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/worker.h"
#include "planner/progress.h"

namespace hearth {

enum class Phase { plan, load, idle, read, think, decode, stalled, stopped, done, failed };
std::string_view to_string(Phase phase);  // "PLAN", "LOAD", "READ", ...

// A part of the time that one decoded token takes. The parts the engine names; they need not add
// up.
struct TokenPart {
    std::string name;
    double milliseconds = 0.0;
};

// What is known about one layer.
struct LayerView {
    std::vector<float> resident;  // share of the neurons in memory, by rank, hot to cold
    std::optional<double> cold_hit_rate;
    std::optional<uint64_t> read_bytes;
};

// Something that a core or the I/O did for one token.
struct TraceSpan {
    std::string lane;  // "core 0", "io"
    char mark = '#';   // A attention, G gate, ...
    double begin_ms = 0.0;
    double end_ms = 0.0;
};

struct EngineView {
    Phase phase = Phase::load;
    double phase_seconds = 0.0;

    // Planning (hundredths of steps), loading (bytes) and reading (tokens).
    uint64_t done = 0;
    uint64_t total = 0;
    std::optional<double> seconds_left;

    size_t tokens = 0;                        // of this answer
    std::optional<double> tokens_per_second;  // of the last kRateWindow; of the whole when it ended
    std::optional<double> stalled_seconds;    // no token came for that long

    size_t context_tokens = 0;  // in the KV cache
    size_t n_ctx = 0;

    std::optional<RunStats> stats;  // of the last answer that ended
    std::optional<RunStats> live;   // of the one that is being written

    // What only some engines report; empty = not reported.
    std::vector<TokenPart> token_parts;
    std::vector<LayerView> layers;
    std::vector<TraceSpan> trace;

    // The live ones while an answer is written, else the last ones; nullptr before the first.
    const RunStats* any_stats() const;
    // Of the answer that is being written, else of the last one; where the engine streams.
    std::optional<double> hot_hit_rate() const;
    std::optional<double> cold_hit_rate() const;
    std::optional<double> bytes_per_token() const;  // read from the disk
    std::optional<double> stall_share() const;      // of decode
};

// Counted over the answers of this session. The first kWarmUpTokens are kept apart: a cache that
// fills says nothing about how well it works.
struct SessionTotals {
    static constexpr size_t kWarmUpTokens = 256;
    size_t answers = 0;
    size_t tokens = 0;
    uint64_t hot_hits = 0, hot_misses = 0;
    uint64_t cold_hits = 0, cold_misses = 0;
    uint64_t warm_up_hits = 0, warm_up_misses = 0;

    void add(const RunStats& stats);
    // What was counted after `before`.
    SessionTotals since(const SessionTotals& before) const;
    std::optional<double> hot_hit_rate() const;
    std::optional<double> cold_hit_rate() const;
    std::optional<double> warm_up_hit_rate() const;
};

class EngineMonitor {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr auto kRateWindow = std::chrono::seconds(2);
    static constexpr auto kStalled = std::chrono::seconds(2);  // without a token
    static constexpr size_t kRateSamples = 240;                // kept for a plot, four a second

    // A model is on its way: what came before it is over.
    void prepare(Clock::time_point now);
    void plan(const PlanProgress& progress, Clock::time_point now);
    void load(const LoadProgress& progress, Clock::time_point now);
    void ready(const ModelReady& ready, Clock::time_point now);
    void begin_turn(Clock::time_point now);
    void read(const PrefillProgress& progress, Clock::time_point now);
    // `thinking`: the text so far is inside the model's thoughts.
    void text(const AnswerText& piece, bool thinking, Clock::time_point now);
    void end(const AnswerDone& done, Clock::time_point now);
    void fail(Clock::time_point now);

    bool busy() const { return busy_; }
    EngineView view(Clock::time_point now) const;
    // Decode speed over time, oldest first, tok/s.
    const std::deque<float>& rates() const { return rates_; }
    const SessionTotals& totals() const { return totals_; }

  private:
    struct Arrival {
        Clock::time_point time;
        size_t tokens;
    };
    void enter(Phase phase, Clock::time_point now);
    void take_report(const EngineReport& report);
    void take_trace(const std::vector<TraceEvent>& trace);
    std::optional<double> rate(Clock::time_point now) const;

    EngineView view_;
    bool busy_ = true;  // loading counts
    Clock::time_point phase_begun_{};
    Clock::time_point last_sample_{};
    std::deque<Arrival> arrivals_;  // of the last kRateWindow
    std::deque<float> rates_;
    SessionTotals totals_;
};

}  // namespace hearth
