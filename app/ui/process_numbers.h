// ProcessNumbers: what the kernel says about this process, to stand beside the engine's own numbers
// so that they can be checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth {

struct ProcessNumbers {
    std::optional<uint64_t> rss_bytes;
    std::optional<uint64_t> major_faults;       // since the start
    std::optional<uint64_t> read_bytes;         // fetched from storage since the start
    std::optional<double> memory_pressure;      // PSI "some", percent of the last 10 s
    std::optional<double> ui_seconds;           // CPU time of this thread
    std::optional<double> process_cpu_seconds;  // of all threads
};

// Reads /proc: some 50 microseconds.
ProcessNumbers read_process_numbers();

// The value behind "name:" or "name=" in a text of such lines.
std::optional<uint64_t> number_after(std::string_view text, std::string_view name);

// Keeps the latest numbers, read at most once a second, and how they changed.
class ProcessSampler {
  public:
    using Clock = std::chrono::steady_clock;
    void sample(Clock::time_point now);
    const ProcessNumbers& latest() const { return latest_; }
    // Per second, between the last two samples.
    std::optional<double> read_rate() const { return read_rate_; }
    std::optional<double> fault_rate() const { return fault_rate_; }
    // CPU time of this thread, as a share of one core.
    std::optional<double> ui_share() const { return ui_share_; }

  private:
    ProcessNumbers latest_;
    std::optional<Clock::time_point> sampled_;
    std::optional<double> read_rate_, fault_rate_, ui_share_;
};

}  // namespace hearth
