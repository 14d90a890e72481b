#include "app/answer_samples.h"

#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

#include "app/memory_budget.h"
#include "engine/base/printable.h"
#include "storage/conversation_rows.h"

namespace hearth {
namespace {

uint64_t bytes_read() {
    std::ifstream io("/proc/self/io");
    std::string key;
    for (uint64_t value = 0; io >> key >> value;) {
        if (key == "read_bytes:") return value;
    }
    return 0;
}

uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    uint64_t total = 0;
    uint64_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string processor_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const size_t colon = line.find(':');
        if (line.starts_with("model name") && colon != std::string::npos) {
            return printable(line.substr(colon + 2), 60);
        }
    }
    return "processor";
}

}  // namespace

std::string machine_name() {
    const auto memory = machine_memory();
    return fmt::format("{}, {} cores{}", processor_name(), std::thread::hardware_concurrency(),
                       memory ? ", " + format_bytes(memory->total_bytes) : "");
}

void AnswerSamples::begin(Clock::time_point now) {
    last_ = now;
    last_tokens_ = 0;
    last_bytes_ = bytes_read();
    last_stats_ = RunStats{};
}

std::optional<Sample> AnswerSamples::tick(Clock::time_point now, size_t tokens,
                                          const std::optional<RunStats>& stats) {
    const std::chrono::duration<double> passed = now - last_;
    if (passed.count() < 1.0 || tokens < last_tokens_) return std::nullopt;
    const uint64_t bytes = bytes_read();
    Sample sample;
    sample.at_ms = now_ms();
    sample.seconds = passed.count();
    sample.tokens_per_second = static_cast<double>(tokens - last_tokens_) / passed.count();
    sample.io_bytes = bytes - last_bytes_;
    sample.rss_bytes = resident_bytes();
    if (stats) {
        const uint64_t hits = stats->cold.hits - last_stats_.cold.hits;
        const uint64_t lookups = hits + stats->cold.misses - last_stats_.cold.misses;
        if (lookups > 0) {
            sample.cold_hit_rate = static_cast<double>(hits) / static_cast<double>(lookups);
        }
        sample.stall_seconds = stats->io_stall_seconds - last_stats_.io_stall_seconds;
        last_stats_ = *stats;
    }
    last_ = now;
    last_tokens_ = tokens;
    last_bytes_ = bytes;
    return sample;
}

}  // namespace hearth
