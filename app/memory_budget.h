// The memory budget: what a person may ask for (--memory), what the machine has, and whether a
// model fits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace hearth {

struct MemoryLimit {
    enum class Kind { none, bytes, percent, automatic };
    Kind kind = Kind::none;
    uint64_t value = 0;  // bytes or percent
};

// "6G", "512M", "1.5GiB" (powers of 1024), "50%" (of what the machine has), "auto" (what is free).
// The error says what was expected; it names no option.
Result<MemoryLimit> parse_memory_limit(std::string_view text);
std::string to_string(const MemoryLimit& limit);

// What this process could have: the machine's memory and what is available now, both bounded by
// the cgroups (v2 or v1) the process is in.
struct MachineMemory {
    uint64_t total_bytes = 0;
    uint64_t available_bytes = 0;
};
Result<MachineMemory> machine_memory();

// The limit in bytes; 0 when there is none.
Result<uint64_t> resolve(const MemoryLimit& limit);

// For people: "512 B", "26.1 MiB", "3.9 GiB".
std::string format_bytes(uint64_t bytes);

}  // namespace hearth
