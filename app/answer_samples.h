// What goes on while an answer is written, once a second: the series that plots are made of.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/run_stats.h"
#include "storage/run_stats.h"

namespace hearth {

// "AMD EPYC 9B45, 2 cores, 23.5 GiB": the name under which turns of this machine are kept.
std::string machine_name();

class AnswerSamples {
  public:
    using Clock = std::chrono::steady_clock;

    // An answer begins.
    void begin(Clock::time_point now);
    // Call often; `tokens` of this answer so far, `stats` as the engine told them last. A sample
    // once a second has passed since the last. Bytes are those that this process had the disk read.
    std::optional<Sample> tick(Clock::time_point now, size_t tokens,
                               const std::optional<RunStats>& stats);

  private:
    Clock::time_point last_{};
    size_t last_tokens_ = 0;
    uint64_t last_bytes_ = 0;
    RunStats last_stats_;
};

}  // namespace hearth
