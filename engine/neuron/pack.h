// Pack: the file of neuron bundles that cold neurons are read from.
//
//   header | section table | tables of each section | pad | records of each section
//
//   header         64 bytes: magic "HEARTHPK", version 1, alignment, file size, counts, identity of
//                  the model, CRC32C of the header
//   section table  64 bytes per FFN, by layer and then expert: what PackSection says, CRC32C of the
//                  section's tables, CRC32C of the entry
//   tables         placement u32[n_records], the neuron at each position; then the checksums
//                  u32[n_records][2] of neuron 0, 1, ...: CRC32C of prefix and of gate
//   records        each section begins at a multiple of 4096; the record at position p lies p *
//                  stride further. The file ends at a multiple of 4096. Pads are zero
//
// Little endian; the structs are in pack_format.h. A record is one neuron: up row | down row | gate
// row, with nothing between, so that the first gate_offset bytes serve an engine that keeps gates
// in memory and all record_bytes one that does not (powerinfer2.md 4.4). Down is a row because it
// is stored transposed. Rows begin at multiples of 2 bytes, which is what quantized blocks need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/neuron/model_identity.h"
#include "engine/neuron/pack_format.h"

namespace hearth {

// One FFN, or one expert of a mixture.
struct PackSection {
    uint32_t layer = 0;
    uint32_t expert = 0;     // 0 where there is no mixture
    uint32_t n_records = 0;  // neurons: d_ff
    Dtype up = Dtype::f32;
    Dtype down = Dtype::f32;
    Dtype gate = Dtype::f32;
    uint32_t down_offset = 0;  // in bytes within a record; the up row begins at 0
    uint32_t gate_offset = 0;
    uint32_t record_bytes = 0;
    uint32_t stride = 0;      // record_bytes rounded up to the alignment of the pack
    uint64_t offset = 0;      // of position 0 in the file, a multiple of 4096
    float down_error = 0.0F;  // relative RMS error of a down matrix that was quantized anew, else 0

    uint64_t d_model() const;  // elements of each of the three rows
    uint64_t bytes() const { return uint64_t{n_records} * stride; }
};

// A pack whose header and tables have been read and verified: if you hold one, every number in it
// is consistent with every other and with the size of the file. Records are not read here: whoever
// reads one verifies it. Immutable, so any thread may use it.
class Pack {
  public:
    // Reads header, section table, placement and checksums. Errors: bad_file with one line.
    static Result<Pack> open(const std::string& path);
    // The same for a file that is open already (tests, fuzzing). The file is not kept.
    static Result<Pack> parse(const File& file);

    const std::string& path() const { return path_; }
    const ModelIdentity& identity() const { return identity_; }
    size_t alignment() const { return alignment_; }  // of records and strides: 512 or 4096
    uint64_t file_bytes() const { return file_bytes_; }

    // Refuses (bad_file) a pack that was made for another model.
    Result<void> check_model(const ModelIdentity& model, const std::string& model_path) const;

    uint64_t n_records() const { return placement_.size(); }  // of all sections

    // Ordered by layer, then expert.
    std::span<const PackSection> sections() const { return sections_; }
    const PackSection* find(uint32_t layer, uint32_t expert) const;

    // (n_records) the neuron at each position, hot first.
    std::span<const uint32_t> placement(size_t section) const;
    // The position of a neuron on disk, and where its record begins in the file.
    uint32_t position(size_t section, uint32_t neuron) const;
    uint64_t record_offset(size_t section, uint32_t neuron) const;

    // Whether the bytes at `record` are what was written: [0, gate_offset), and [gate_offset,
    // record_bytes).
    bool verify_prefix(size_t section, uint32_t neuron, const std::byte* record) const;
    bool verify_gate(size_t section, uint32_t neuron, const std::byte* record) const;

    // (n_records) by neuron.
    std::span<const pack_format::Checksums> checksums(size_t section) const;

    // Memory that the tables take: 16 bytes per record.
    uint64_t table_bytes() const;

  private:
    Pack() = default;
    Result<void> read_tables(const File& file, std::span<const uint32_t> crcs);
    Result<void> invert_placement(size_t section);

    std::string path_;
    ModelIdentity identity_;
    size_t alignment_ = 0;
    uint64_t file_bytes_ = 0;
    std::vector<PackSection> sections_;
    std::vector<uint64_t> first_;      // (n_sections + 1) index of a section's first record below
    std::vector<uint32_t> placement_;  // of all sections, one after the other
    std::vector<uint32_t> position_;   // the inverse
    std::vector<pack_format::Checksums> checksums_;  // by neuron
};

}  // namespace hearth
