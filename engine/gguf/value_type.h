// ValueType: the types of GGUF metadata values; shared by reader and writer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hearth {

// The numbers are GGUF's (ggml docs/gguf.md).
enum class ValueType : uint32_t {
    u8 = 0,
    i8 = 1,
    u16 = 2,
    i16 = 3,
    u32 = 4,
    i32 = 5,
    f32 = 6,
    boolean = 7,
    string = 8,
    array = 9,
    u64 = 10,
    i64 = 11,
    f64 = 12,
};

struct ValueTypeTraits {
    std::string_view name;
    size_t min_bytes;  // the least a value takes in the file (an empty string, an empty array)
};

inline constexpr std::array<ValueTypeTraits, 13> kValueTypes{{
    {"u8", 1},
    {"i8", 1},
    {"u16", 2},
    {"i16", 2},
    {"u32", 4},
    {"i32", 4},
    {"f32", 4},
    {"bool", 1},
    {"string", 8},
    {"array", 12},
    {"u64", 8},
    {"i64", 8},
    {"f64", 8},
}};

inline constexpr const ValueTypeTraits& traits(ValueType type) {
    return kValueTypes[static_cast<size_t>(type)];
}

}  // namespace hearth
