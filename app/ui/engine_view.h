// EngineView: what the engine is doing, as numbers to show. What is not known is absent, never
// zero. EngineMonitor makes it from the worker's events; it draws nothing and reads no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "app/worker.h"

namespace hearth {

enum class Phase { load, idle, read, think, decode, stalled, stopped, done, failed };
std::string_view to_string(Phase phase);  // "LOAD", "READ", ...

struct EngineView {
    Phase phase = Phase::load;
    double phase_seconds = 0.0;

    // Loading (bytes) and reading (tokens).
    uint64_t done = 0;
    uint64_t total = 0;
    std::optional<double> seconds_left;

    size_t tokens = 0;                        // of this answer
    std::optional<double> tokens_per_second;  // of the last kRateWindow; of the whole when it ended
    std::optional<double> stalled_seconds;    // no token came for that long

    size_t context_tokens = 0;  // in the KV cache
    size_t n_ctx = 0;

    std::optional<RunStats> stats;  // of the last answer that ended

    // From the stats, where the engine streams.
    std::optional<double> cold_hit_rate() const;
    std::optional<double> bytes_per_token() const;  // read from the disk
    std::optional<double> stall_share() const;      // of decode
};

class EngineMonitor {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr auto kRateWindow = std::chrono::seconds(2);
    static constexpr auto kStalled = std::chrono::seconds(2);  // without a token
    static constexpr size_t kRateSamples = 240;                // kept for a plot, four a second

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

  private:
    struct Arrival {
        Clock::time_point time;
        size_t tokens;
    };
    void enter(Phase phase, Clock::time_point now);
    std::optional<double> rate(Clock::time_point now) const;

    EngineView view_;
    bool busy_ = true;  // loading counts
    Clock::time_point phase_begun_{};
    Clock::time_point last_sample_{};
    std::deque<Arrival> arrivals_;  // of the last kRateWindow
    std::deque<float> rates_;
};

}  // namespace hearth
