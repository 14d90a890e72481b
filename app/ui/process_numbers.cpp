#include "app/ui/process_numbers.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string>

#include "engine/base/file.h"

namespace hearth {
namespace {

constexpr auto kEvery = std::chrono::seconds(1);

// A file of /proc: small, made as it is read. "" where it is not there.
std::string read_proc(const char* path) {
    const Fd fd(::open(path, O_RDONLY | O_CLOEXEC));
    if (!fd) return "";
    std::array<char, 4096> buffer{};
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    return n > 0 ? std::string(buffer.data(), static_cast<size_t>(n)) : "";
}

std::optional<double> cpu_seconds(clockid_t clock) {
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) return std::nullopt;
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::optional<double> pressure(const std::string& text) {
    const size_t at = text.find("avg10=");
    if (at == std::string::npos) return std::nullopt;
    double value = 0.0;
    const char* const begin = text.data() + at + 6;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

template <typename T>
std::optional<double> rate(const std::optional<T>& before, const std::optional<T>& after,
                           double seconds) {
    if (!before || !after || *after < *before || seconds <= 0.0) return std::nullopt;
    return static_cast<double>(*after - *before) / seconds;
}

}  // namespace

std::optional<uint64_t> number_after(std::string_view text, std::string_view name) {
    const size_t at = text.find(name);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + name.size());
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

ProcessNumbers read_process_numbers() {
    ProcessNumbers numbers;
    if (const auto kib = number_after(read_proc("/proc/self/status"), "VmRSS:")) {
        numbers.rss_bytes = *kib * 1024;
    }
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) == 0) {
        numbers.major_faults = static_cast<uint64_t>(usage.ru_majflt);
    }
    // "cancelled_write_bytes" and "write_bytes" stand behind it; "rchar" before it.
    numbers.read_bytes = number_after(read_proc("/proc/self/io"), "\nread_bytes:");
    numbers.memory_pressure = pressure(read_proc("/proc/pressure/memory"));
    numbers.ui_seconds = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    numbers.process_cpu_seconds = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    return numbers;
}

void ProcessSampler::sample(Clock::time_point now) {
    if (sampled_ && now - *sampled_ < kEvery) return;
    const ProcessNumbers numbers = read_process_numbers();
    if (sampled_) {
        const double seconds = std::chrono::duration<double>(now - *sampled_).count();
        read_rate_ = rate(latest_.read_bytes, numbers.read_bytes, seconds);
        fault_rate_ = rate(latest_.major_faults, numbers.major_faults, seconds);
        ui_share_ = rate(latest_.ui_seconds, numbers.ui_seconds, seconds);
    }
    latest_ = numbers;
    sampled_ = now;
}

}  // namespace hearth
