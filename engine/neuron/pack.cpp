#include "engine/neuron/pack.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/printable.h"

namespace hearth {

namespace {

using pack_format::Checksums;

// Reads and checks the fixed-size parts; errors name the file.
class PackReader {
  public:
    explicit PackReader(const File& file) : file_(file), name_(printable_path(file.path())) {}

    template <typename... Args>
    tl::unexpected<Error> error(fmt::format_string<Args...> format, Args&&... args) const {
        return make_error(ErrorCode::bad_file, "{}: {}", name_,
                          fmt::format(format, std::forward<Args>(args)...));
    }

    Result<pack_format::Header> header() const;
    Result<std::vector<pack_format::Section>> sections(const pack_format::Header& header) const;
    // A stored section as the rest of the program sees it. `expected_offset` is where its records
    // must begin.
    Result<PackSection> section(const pack_format::Section& stored, size_t alignment,
                                uint64_t expected_offset) const;

  private:
    Result<void> check_header(const pack_format::Header& header) const;
    Result<PackSection> check_rows(const pack_format::Section& stored) const;

    const File& file_;
    std::string name_;
};

Result<pack_format::Header> PackReader::header() const {
    pack_format::Header header;
    if (file_.size() < sizeof header) {
        return error("has {} bytes, the header of a pack has {} (not a pack, or truncated)",
                     file_.size(), sizeof header);
    }
    HEARTH_TRY_VOID(read_exact(file_, 0, std::as_writable_bytes(std::span(&header, 1))));
    HEARTH_TRY_VOID(check_header(header));
    return header;
}

Result<void> PackReader::check_header(const pack_format::Header& header) const {
    if (header.magic != pack_format::kMagic) {
        return error("begins with '{}', not with 'HEARTHPK' (not a pack file)",
                     printable({header.magic.data(), header.magic.size()}));
    }
    if (header.version != pack_format::kVersion) {
        return error("is a pack of version {}, this hearth reads version {} (run hearth pack)",
                     header.version, pack_format::kVersion);
    }
    if (header.crc != pack_format::own_crc(header)) {
        return error("the header's checksum is wrong (damaged: run hearth pack again)");
    }
    if (header.alignment != 512 && header.alignment != 4096) {
        return error("alignment {}, 512 or 4096 expected (damaged: run hearth pack again)",
                     header.alignment);
    }
    if (header.n_sections == 0 || header.n_sections > pack_format::kMaxSections ||
        header.n_records == 0 || header.n_records > pack_format::kMaxRecords) {
        return error("{} sections and {} records, at most {} and {} are read (damaged file?)",
                     header.n_sections, header.n_records, pack_format::kMaxSections,
                     pack_format::kMaxRecords);
    }
    if (header.file_bytes != file_.size()) {
        return error("has {} bytes, its header says {} (truncated: run hearth pack again)",
                     file_.size(), header.file_bytes);
    }
    const uint64_t records = pack_format::records_offset(header.n_sections, header.n_records);
    if (records > file_.size()) {
        return error("its tables end at byte {}, the file has {} (truncated or damaged file?)",
                     records, file_.size());
    }
    return {};
}

Result<std::vector<pack_format::Section>> PackReader::sections(
    const pack_format::Header& header) const {
    std::vector<pack_format::Section> sections(header.n_sections);
    HEARTH_TRY_VOID(read_exact(file_, pack_format::sections_offset(),
                               std::as_writable_bytes(std::span(sections))));
    for (size_t i = 0; i < sections.size(); ++i) {
        if (sections[i].crc == pack_format::own_crc(sections[i])) continue;
        return error(
            "section {} of {}: its entry's checksum is wrong (damaged: run hearth pack "
            "again)",
            i + 1, sections.size());
    }
    return sections;
}

// The number of elements of a row of `bytes` bytes; nullopt when that is no whole number of blocks.
std::optional<uint64_t> row_elements(Dtype dtype, uint64_t bytes) {
    const DtypeTraits& type = traits(dtype);
    if (bytes == 0 || bytes % type.block_bytes != 0) return std::nullopt;
    return bytes / type.block_bytes * type.block_elements;
}

Result<PackSection> PackReader::check_rows(const pack_format::Section& stored) const {
    const auto up = dtype_from_id(stored.up);
    const auto down = dtype_from_id(stored.down);
    const auto gate = dtype_from_id(stored.gate);
    if (!up || !down || !gate || !traits(*up).computable || !traits(*down).computable ||
        !traits(*gate).computable) {
        return error(
            "layer {} expert {}: types {}, {}, {}, which hearth does not compute with "
            "(made by a newer hearth?)",
            stored.layer, stored.expert, stored.up, stored.down, stored.gate);
    }
    const bool ordered = stored.down_offset < stored.gate_offset &&
                         stored.gate_offset < stored.record_bytes &&
                         stored.record_bytes <= pack_format::kMaxRecordBytes;
    const auto columns = ordered ? row_elements(*up, stored.down_offset) : std::nullopt;
    if (!columns || columns != row_elements(*down, stored.gate_offset - stored.down_offset) ||
        columns != row_elements(*gate, stored.record_bytes - stored.gate_offset)) {
        return error(
            "layer {} expert {}: rows end at bytes {}, {} and {}, which is not one width "
            "of {}, {} and {} (damaged file?)",
            stored.layer, stored.expert, stored.down_offset, stored.gate_offset,
            stored.record_bytes, traits(*up).name, traits(*down).name, traits(*gate).name);
    }
    return PackSection{stored.layer,
                       stored.expert,
                       stored.n_records,
                       *up,
                       *down,
                       *gate,
                       stored.down_offset,
                       stored.gate_offset,
                       stored.record_bytes,
                       stored.stride,
                       stored.offset,
                       stored.down_error};
}

Result<PackSection> PackReader::section(const pack_format::Section& stored, size_t alignment,
                                        uint64_t expected_offset) const {
    HEARTH_TRY(PackSection section, check_rows(stored));
    const uint64_t stride = round_up<uint64_t>(stored.record_bytes, alignment);
    if (stored.n_records == 0 || stored.stride != stride) {
        return error(
            "layer {} expert {}: {} records of {} bytes every {}, {} expected (damaged "
            "file?)",
            stored.layer, stored.expert, stored.n_records, stored.record_bytes, stored.stride,
            stride);
    }
    // n_records and stride are below 2^32 and 2^25, so the sum below cannot wrap.
    if (stored.offset != expected_offset ||
        section.bytes() > file_.size() - std::min(file_.size(), expected_offset)) {
        return error(
            "layer {} expert {}: {} bytes at {}, expected at {} in a file of {} (damaged "
            "file?)",
            stored.layer, stored.expert, section.bytes(), stored.offset, expected_offset,
            file_.size());
    }
    return section;
}

bool comes_before(const PackSection& a, const PackSection& b) {
    return std::pair(a.layer, a.expert) < std::pair(b.layer, b.expert);
}

}  // namespace

uint64_t PackSection::d_model() const {
    const DtypeTraits& type = traits(up);
    return down_offset / type.block_bytes * type.block_elements;
}

Result<Pack> Pack::open(const std::string& path) {
    HEARTH_TRY(const auto file, open_file(path));
    return parse(*file);
}

Result<Pack> Pack::parse(const File& file) {
    const PackReader reader(file);
    HEARTH_TRY(const pack_format::Header header, reader.header());
    HEARTH_TRY(const auto stored, reader.sections(header));
    Pack pack;
    pack.path_ = file.path();
    pack.identity_.digest = header.identity;
    pack.alignment_ = header.alignment;
    pack.file_bytes_ = header.file_bytes;
    std::vector<uint32_t> crcs;
    uint64_t offset = pack_format::records_offset(header.n_sections, header.n_records);
    uint64_t n_records = 0;
    for (const pack_format::Section& one : stored) {
        HEARTH_TRY(PackSection section, reader.section(one, header.alignment, offset));
        if (!pack.sections_.empty() && !comes_before(pack.sections_.back(), section)) {
            return reader.error("layer {} expert {} is out of order (damaged file?)", section.layer,
                                section.expert);
        }
        offset = round_up(offset + section.bytes(), pack_format::kSectionAlignment);
        pack.first_.push_back(n_records);
        n_records += section.n_records;
        pack.sections_.push_back(section);
        crcs.push_back(one.tables_crc);
    }
    pack.first_.push_back(n_records);
    if (n_records != header.n_records || offset != header.file_bytes) {
        return reader.error(
            "its sections have {} records and end at byte {}, the header says {} "
            "and {} (damaged file?)",
            n_records, offset, header.n_records, header.file_bytes);
    }
    HEARTH_TRY_VOID(pack.read_tables(file, crcs));
    return pack;
}

Result<void> Pack::read_tables(const File& file, std::span<const uint32_t> crcs) {
    const auto n_records = static_cast<size_t>(first_.back());  // bounded by the file's size
    placement_.resize(n_records);
    position_.resize(n_records);
    checksums_.resize(n_records);
    uint64_t at = pack_format::tables_offset(sections_.size());
    for (size_t i = 0; i < sections_.size(); ++i) {
        const size_t n = sections_[i].n_records;
        const auto placement = std::as_writable_bytes(std::span(placement_).subspan(first_[i], n));
        const auto checks = std::as_writable_bytes(std::span(checksums_).subspan(first_[i], n));
        HEARTH_TRY_VOID(read_exact(file, at, placement));
        HEARTH_TRY_VOID(read_exact(file, at + placement.size(), checks));
        at += placement.size() + checks.size();
        if (crc32c(checks, crc32c(placement)) != crcs[i]) {
            return make_error(ErrorCode::bad_file,
                              "{}: layer {} expert {}: the checksum of its tables is wrong "
                              "(damaged: run hearth pack again)",
                              printable_path(path_), sections_[i].layer, sections_[i].expert);
        }
        HEARTH_TRY_VOID(invert_placement(i));
    }
    return {};
}

Result<void> Pack::invert_placement(size_t section) {
    const uint32_t n = sections_[section].n_records;
    const auto positions = std::span(position_).subspan(first_[section], n);
    std::fill(positions.begin(), positions.end(), n);
    const auto placed = placement(section);
    for (uint32_t p = 0; p < n; ++p) {
        const uint32_t neuron = placed[p];
        if (neuron >= n || positions[neuron] != n) {
            return make_error(ErrorCode::bad_file,
                              "{}: layer {} expert {}: position {} holds neuron {} of {}, which is "
                              "not a placement (damaged file?)",
                              printable_path(path_), sections_[section].layer,
                              sections_[section].expert, p, neuron, n);
        }
        positions[neuron] = p;
    }
    return {};
}

Result<void> Pack::check_model(const ModelIdentity& model, const std::string& model_path) const {
    if (identity_ == model) return {};
    return make_error(ErrorCode::bad_file,
                      "{}: was made for model {}, {} is {} (run hearth pack for this model)",
                      printable_path(path_), identity_.hex().substr(0, 12),
                      printable_path(model_path), model.hex().substr(0, 12));
}

const PackSection* Pack::find(uint32_t layer, uint32_t expert) const {
    const auto at = std::lower_bound(sections_.begin(), sections_.end(),
                                     PackSection{.layer = layer, .expert = expert}, comes_before);
    const bool found = at != sections_.end() && at->layer == layer && at->expert == expert;
    return found ? &*at : nullptr;
}

std::span<const uint32_t> Pack::placement(size_t section) const {
    return std::span(placement_).subspan(first_[section], sections_[section].n_records);
}

uint32_t Pack::position(size_t section, uint32_t neuron) const {
    HEARTH_DCHECK(neuron < sections_[section].n_records);
    return position_[first_[section] + neuron];
}

uint64_t Pack::record_offset(size_t section, uint32_t neuron) const {
    const PackSection& at = sections_[section];
    return at.offset + uint64_t{position(section, neuron)} * at.stride;
}

std::span<const Checksums> Pack::checksums(size_t section) const {
    return std::span(checksums_).subspan(first_[section], sections_[section].n_records);
}

bool Pack::verify_prefix(size_t section, uint32_t neuron, const std::byte* record) const {
    const PackSection& at = sections_[section];
    return crc32c({record, at.gate_offset}) == checksums(section)[neuron].prefix;
}

bool Pack::verify_gate(size_t section, uint32_t neuron, const std::byte* record) const {
    const PackSection& at = sections_[section];
    return crc32c({record + at.gate_offset, at.record_bytes - at.gate_offset}) ==
           checksums(section)[neuron].gate;
}

uint64_t Pack::table_bytes() const {
    return placement_.size() * (2 * sizeof(uint32_t) + sizeof(Checksums));
}

}  // namespace hearth
