// CRC32C (Castagnoli): the checksum of a pack. Every record that is read from disk is checked while
// tokens are waited for, so this runs at several bytes per cycle: 28 GB/s measured with SSE4.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace hearth {

// The checksum of `bytes`; `before` is that of what precedes them (0 = nothing does), so that
// crc32c(b, crc32c(a)) is the checksum of a and b together. Uses the processor's instruction where
// it has one (x86 SSE4.2, ARM CRC32), else tables. Thread-safe.
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t before = 0);

// The same by tables alone: what other processors get, and what tests compare with.
uint32_t crc32c_by_table(std::span<const std::byte> bytes, uint32_t before = 0);

}  // namespace hearth
