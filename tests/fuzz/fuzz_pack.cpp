// Any bytes as a pack. What is refused is refused with one good line; what is let through can be
// used to the last record. The first byte of an input says which checksums are made right before
// the pack is read, so that what they guard is reached too; the others are the pack.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <vector>

#include "engine/base/check.h"
#include "engine/neuron/pack.h"
#include "tests/data/memory_file.h"
#include "tests/fault/refusal.h"

namespace hearth {
namespace {

constexpr uint64_t kMaxSealedSections = 64;

template <typename T>
void seal(std::span<std::byte> bytes, uint64_t offset) {
    if (offset + sizeof(T) > bytes.size()) return;
    T value = load_unaligned<T>(bytes.data() + offset);
    value.crc = pack_format::own_crc(value);
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// Makes the checksums of the tables right, as far as the counts allow.
void seal_tables(std::span<std::byte> bytes) {
    if (bytes.size() < sizeof(pack_format::Header)) return;
    const uint64_t n_sections = load_unaligned<pack_format::Header>(bytes.data()).n_sections;
    if (n_sections > kMaxSealedSections) return;
    uint64_t tables = pack_format::tables_offset(n_sections);
    for (uint64_t i = 0; i < n_sections; ++i) {
        const uint64_t at = pack_format::sections_offset() + i * sizeof(pack_format::Section);
        if (at + sizeof(pack_format::Section) > bytes.size()) return;
        auto section = load_unaligned<pack_format::Section>(bytes.data() + at);
        const uint64_t length = section.n_records * pack_format::kTableBytesPerRecord;
        if (tables > bytes.size() || length > bytes.size() - tables) return;
        section.tables_crc = crc32c(bytes.subspan(tables, length));
        std::memcpy(bytes.data() + at, &section, sizeof section);
        tables += length;
    }
}

void seal_all(std::span<std::byte> bytes, uint8_t which) {
    if ((which & 1) != 0) seal_tables(bytes);
    if ((which & 2) != 0) {
        for (uint64_t i = 0; i < kMaxSealedSections; ++i) {
            const uint64_t at = pack_format::sections_offset() + i * sizeof(pack_format::Section);
            const auto n = bytes.size() < sizeof(pack_format::Header)
                               ? 0
                               : load_unaligned<pack_format::Header>(bytes.data()).n_sections;
            if (i < n) seal<pack_format::Section>(bytes, at);
        }
    }
    if ((which & 4) != 0) seal<pack_format::Header>(bytes, 0);
}

// Reads every record as an engine would.
void use(const Pack& pack, std::span<const std::byte> bytes) {
    for (size_t s = 0; s < pack.sections().size(); ++s) {
        const PackSection& section = pack.sections()[s];
        HEARTH_CHECK(pack.find(section.layer, section.expert) == &section);
        HEARTH_CHECK(section.d_model() > 0);
        for (uint32_t p = 0; p < section.n_records; ++p) {
            const uint32_t neuron = pack.placement(s)[p];
            HEARTH_CHECK(pack.position(s, neuron) == p);
            const uint64_t at = pack.record_offset(s, neuron);
            HEARTH_CHECK(at % pack.alignment() == 0 && at + section.stride <= bytes.size());
            (void)pack.verify_prefix(s, neuron, bytes.data() + at);
            (void)pack.verify_gate(s, neuron, bytes.data() + at);
        }
    }
}

}  // namespace
}  // namespace hearth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    const auto input = std::as_bytes(std::span(data, size)).subspan(1);
    std::vector<std::byte> bytes(input.begin(), input.end());
    hearth::seal_all(bytes, data[0]);
    const auto pack = hearth::Pack::parse(hearth::MemoryFile(bytes, "bad.gguf"));
    if (pack) {
        hearth::use(*pack, bytes);
        return 0;
    }
    const std::string fault = hearth::fault_of_message(pack.error());
    if (!fault.empty()) {
        std::fprintf(stderr, "%s: %s\n", fault.c_str(), pack.error().message.c_str());
        HEARTH_CHECK(fault.empty());
    }
    return 0;
}
