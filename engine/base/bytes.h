// Checked arithmetic for numbers that come from files, and byte units for people.
//
// No product or sum of file numbers is formed before it is known to fit: use these.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "engine/base/check.h"

namespace hearth {

static_assert(std::endian::native == std::endian::little,
              "model files are little-endian and are used in place");

// a * b, a + b; nullopt where the result does not fit.
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> checked_mul(T a, T b) {
    T out{};
    if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
    return out;
}
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> checked_add(T a, T b) {
    T out{};
    if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
    return out;
}

// The least multiple of `alignment` (a power of two) that is at least `value`; nullopt on overflow.
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::optional<T> checked_round_up(T value, T alignment) {
    HEARTH_DCHECK(std::has_single_bit(alignment));
    const auto sum = checked_add(value, static_cast<T>(alignment - 1));
    if (!sum) return std::nullopt;
    return static_cast<T>(*sum & ~static_cast<T>(alignment - 1));
}

// The same for trusted numbers.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T round_up(T value, T alignment) {
    return static_cast<T>((value + alignment - 1) / alignment * alignment);
}

// Reads a trivially copyable value from unaligned memory.
template <typename T>
[[nodiscard]] inline T load_unaligned(const void* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

}  // namespace hearth
