#include "app/memory_budget.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>

#include "engine/base/bytes.h"

namespace hearth {
namespace {

constexpr uint64_t kKiB = 1024;
constexpr double kMaxBytes = 1e18;  // far above any machine, far below 2^64

std::optional<uint64_t> unit_bytes(std::string_view unit) {
    constexpr std::string_view kUnits = "KMGT";
    std::string upper(unit);
    for (char& c : upper) c = static_cast<char>(c & ~0x20);
    if (upper.empty() || upper == "B") return 1;
    const size_t power = kUnits.find(upper[0]);
    const std::string_view rest = std::string_view(upper).substr(1);
    if (power == std::string_view::npos || !(rest.empty() || rest == "B" || rest == "IB")) {
        return std::nullopt;
    }
    uint64_t bytes = kKiB;
    for (size_t i = 0; i < power; ++i) bytes *= kKiB;
    return bytes;
}

// Files of /proc and /sys have no size, so they are read as streams.
std::optional<std::string> read_system_file(const std::string& path) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
    if (!file) return std::nullopt;
    std::string text(64 * kKiB, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
}

std::optional<uint64_t> leading_number(std::string_view text) {
    uint64_t value = 0;
    const size_t start = std::min(text.find_first_not_of(' '), text.size());
    const auto [end, error] =
        std::from_chars(text.data() + start, text.data() + text.size(), value);
    if (error != std::errc()) return std::nullopt;
    return value;
}

std::optional<uint64_t> meminfo_bytes(std::string_view meminfo, std::string_view field) {
    const size_t at = meminfo.find(field);
    if (at == std::string_view::npos) return std::nullopt;
    const auto kilobytes = leading_number(meminfo.substr(at + field.size()));
    if (!kilobytes) return std::nullopt;
    return checked_mul(*kilobytes, kKiB);
}

// A cgroup's limit narrows what there is; what its processes use already narrows what is free.
void narrow(MachineMemory& memory, const std::string& limit_file, const std::string& usage_file) {
    const auto limit_text = read_system_file(limit_file);
    const auto limit = limit_text ? leading_number(*limit_text) : std::nullopt;  // "max": no limit
    if (!limit || *limit >= memory.total_bytes) return;
    memory.total_bytes = *limit;
    const auto usage_text = read_system_file(usage_file);
    const uint64_t used = usage_text ? leading_number(*usage_text).value_or(0) : 0;
    memory.available_bytes = std::min(memory.available_bytes, *limit - std::min(*limit, used));
}

// /proc/self/cgroup has one line per hierarchy: "0::/path" is v2, "9:memory:/path" is v1. Limits
// hold for all groups below, so the path is walked up to its root.
void narrow_by_cgroups(MachineMemory& memory) {
    const auto groups = read_system_file("/proc/self/cgroup");
    std::string_view rest = groups ? std::string_view(*groups) : std::string_view();
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const bool v2 = line.starts_with("0::");
        const size_t v1 = line.find(":memory:");
        if (!v2 && v1 == std::string_view::npos) continue;
        std::string path(line.substr(v2 ? 3 : v1 + 8));
        const std::string root = v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
        while (true) {
            const std::string folder = root + path + "/";
            narrow(memory, folder + (v2 ? "memory.max" : "memory.limit_in_bytes"),
                   folder + (v2 ? "memory.current" : "memory.usage_in_bytes"));
            if (path.empty()) break;
            path.erase(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
        }
    }
}

}  // namespace

Result<MemoryLimit> parse_memory_limit(std::string_view text) {
    if (text == "auto") return MemoryLimit{MemoryLimit::Kind::automatic, 0};
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
    const bool positive = error == std::errc() && number > 0.0;
    if (positive && unit == "%" && number >= 1.0 && number <= 100.0) {
        return MemoryLimit{MemoryLimit::Kind::percent, static_cast<uint64_t>(number)};
    }
    const auto scale = unit_bytes(unit);
    if (positive && scale && number * static_cast<double>(*scale) <= kMaxBytes) {
        return MemoryLimit{MemoryLimit::Kind::bytes,
                           static_cast<uint64_t>(number * static_cast<double>(*scale))};
    }
    return make_error(ErrorCode::usage,
                      "is not a size such as 6G or 512M, a share from 1% to 100%, or auto");
}

std::string to_string(const MemoryLimit& limit) {
    switch (limit.kind) {
        case MemoryLimit::Kind::none:
            return "none";
        case MemoryLimit::Kind::automatic:
            return "auto";
        case MemoryLimit::Kind::percent:
            return fmt::format("{}%", limit.value);
        case MemoryLimit::Kind::bytes:
            break;
    }
    return format_bytes(limit.value);
}

Result<MachineMemory> machine_memory() {
    const auto meminfo = read_system_file("/proc/meminfo");
    const auto total = meminfo ? meminfo_bytes(*meminfo, "MemTotal:") : std::nullopt;
    const auto available = meminfo ? meminfo_bytes(*meminfo, "MemAvailable:") : std::nullopt;
    if (!total || !available) {
        return make_error(ErrorCode::machine,
                          "/proc/meminfo: cannot read how much memory there is (give --memory SIZE "
                          "instead of a share)");
    }
    MachineMemory memory{*total, *available};
    narrow_by_cgroups(memory);
    return memory;
}

Result<uint64_t> resolve(const MemoryLimit& limit) {
    if (limit.kind == MemoryLimit::Kind::none) return 0;
    if (limit.kind == MemoryLimit::Kind::bytes) return limit.value;
    HEARTH_TRY(const MachineMemory memory, machine_memory());
    if (limit.kind == MemoryLimit::Kind::automatic) return memory.available_bytes;
    return memory.total_bytes / 100 * limit.value;
}

std::string format_bytes(uint64_t bytes) {
    constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    size_t unit = 0;
    while (value >= 1024.0 && unit + 1 < kUnits.size()) {
        value /= 1024.0;
        ++unit;
    }
    if (unit == 0) return fmt::format("{} B", bytes);
    return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace hearth
