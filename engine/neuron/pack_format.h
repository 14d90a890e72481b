// The bytes of a pack file (pack.h describes them), shared by its reader and its writer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/bytes.h"
#include "engine/kernels/crc32c.h"

namespace hearth::pack_format {

inline constexpr std::array<char, 8> kMagic{'H', 'E', 'A', 'R', 'T', 'H', 'P', 'K'};
inline constexpr uint32_t kVersion = 1;
inline constexpr uint64_t kSectionAlignment = 4096;

struct Header {
    std::array<char, 8> magic = kMagic;
    uint32_t version = kVersion;
    uint32_t alignment = 0;  // of records: 512 or 4096
    uint64_t file_bytes = 0;
    uint64_t n_records = 0;  // of all sections
    uint32_t n_sections = 0;
    uint32_t reserved = 0;
    std::array<std::byte, 16> identity{};
    uint32_t reserved_too = 0;
    uint32_t crc = 0;  // of all bytes before it
};
static_assert(sizeof(Header) == 64);

struct Section {
    uint32_t layer = 0;
    uint32_t expert = 0;
    uint32_t n_records = 0;
    uint32_t up = 0;  // GGUF type ids
    uint32_t down = 0;
    uint32_t gate = 0;
    uint32_t down_offset = 0;  // within a record
    uint32_t gate_offset = 0;
    uint32_t record_bytes = 0;
    uint32_t stride = 0;
    uint64_t offset = 0;  // of the first record in the file
    float down_error = 0.0F;
    uint32_t tables_crc = 0;  // of this section's placement and checksums
    uint32_t reserved = 0;
    uint32_t crc = 0;  // of all bytes before it
};
static_assert(sizeof(Section) == 64);

// Of one record, in the order of neurons.
struct Checksums {
    uint32_t prefix = 0;
    uint32_t gate = 0;
};
static_assert(sizeof(Checksums) == 8);

// Placement and checksums of one record.
inline constexpr uint64_t kTableBytesPerRecord = sizeof(uint32_t) + sizeof(Checksums);

// The checksum that belongs into `crc`, the last field of both structs.
template <typename Struct>
uint32_t own_crc(const Struct& value) {
    return crc32c(std::as_bytes(std::span(&value, 1)).first(sizeof(Struct) - sizeof(uint32_t)));
}

// Where things are. n_sections and n_records are bounded by kMaxSections and kMaxRecords.
inline constexpr uint32_t kMaxSections = uint32_t{1} << 18;
inline constexpr uint64_t kMaxRecords = uint64_t{1} << 30;
inline constexpr uint32_t kMaxRecordBytes = uint32_t{16} << 20;

inline uint64_t sections_offset() {
    return sizeof(Header);
}
inline uint64_t tables_offset(uint64_t n_sections) {
    return sections_offset() + n_sections * sizeof(Section);
}
inline uint64_t records_offset(uint64_t n_sections, uint64_t n_records) {
    return round_up(tables_offset(n_sections) + n_records * kTableBytesPerRecord,
                    kSectionAlignment);
}

}  // namespace hearth::pack_format
