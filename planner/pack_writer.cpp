#include "planner/pack_writer.h"

#include <cmath>
#include <cstring>
#include <utility>

#include "engine/base/printable.h"
#include "planner/partial_file.h"
#include "planner/section_writer.h"

namespace hearth {

namespace {

// What may wait in memory to be written to disk: without a bound all of it would, and the last sync
// would take as long as the rest.
constexpr uint64_t kUnflushedBytes = uint64_t{256} << 20;

template <typename T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
    return std::as_bytes(std::span(values));
}

pack_format::Section stored_section(const PackSection& section) {
    pack_format::Section stored;
    stored.layer = section.layer;
    stored.expert = section.expert;
    stored.n_records = section.n_records;
    stored.up = static_cast<uint32_t>(section.up);
    stored.down = static_cast<uint32_t>(section.down);
    stored.gate = static_cast<uint32_t>(section.gate);
    stored.down_offset = section.down_offset;
    stored.gate_offset = section.gate_offset;
    stored.record_bytes = section.record_bytes;
    stored.stride = section.stride;
    stored.offset = section.offset;
    return stored;
}

class PackWriter {
  public:
    PackWriter(const Gguf& gguf, const PackLayout& layout, const PackOptions& options,
               PartialFile& file)
        : layout_(layout),
          options_(options),
          file_(file),
          pool_(options.n_threads),
          records_(gguf, file, pool_),
          total_(layout.record_bytes()) {}

    Result<PackReport> write();

  private:
    Result<bool> is_same_pack() const;
    Result<bool> is_done(size_t i, float& down_error);
    Result<void> write_section(size_t i, float& down_error);
    Result<void> advance(uint64_t bytes);
    uint64_t entry_offset(size_t i) const {
        return pack_format::sections_offset() + i * sizeof(pack_format::Section);
    }
    void report_errors(const std::vector<float>& section_errors);

    const PackLayout& layout_;
    const PackOptions& options_;
    PartialFile& file_;
    ThreadPool pool_;
    SectionWriter records_;
    uint64_t total_;
    uint64_t done_ = 0;
    uint64_t unflushed_ = 0;
    PackReport report_;
};

// Whether the partial file was begun for this very model and layout.
Result<bool> PackWriter::is_same_pack() const {
    const pack_format::Header wanted = layout_.header();
    pack_format::Header found;
    HEARTH_TRY_VOID(read_exact(file_, 0, std::as_writable_bytes(std::span(&found, 1))));
    return std::memcmp(&found, &wanted, sizeof wanted) == 0;
}

// Whether an earlier run has finished section i, placed as we want it, and it is still whole.
Result<bool> PackWriter::is_done(size_t i, float& down_error) {
    const PackLayout::Section& wanted = layout_.sections[i];
    pack_format::Section found;
    HEARTH_TRY_VOID(
        read_exact(file_, entry_offset(i), std::as_writable_bytes(std::span(&found, 1))));
    pack_format::Section expected = stored_section(wanted.section);
    expected.down_error = found.down_error;
    expected.tables_crc = found.tables_crc;
    expected.crc = pack_format::own_crc(expected);
    if (std::memcmp(&found, &expected, sizeof found) != 0) return false;

    std::vector<uint32_t> placement(wanted.placement.size());
    std::vector<pack_format::Checksums> checksums(wanted.placement.size());
    const auto placed = std::as_writable_bytes(std::span(placement));
    const auto checks = std::as_writable_bytes(std::span(checksums));
    HEARTH_TRY_VOID(read_exact(file_, wanted.tables_offset, placed));
    HEARTH_TRY_VOID(read_exact(file_, wanted.tables_offset + placed.size(), checks));
    if (placement != wanted.placement) return false;
    if (crc32c(checks, crc32c(placed)) != found.tables_crc) return false;
    HEARTH_TRY(const auto damaged, find_damage(file_, wanted.section, placement, checksums, pool_));
    if (damaged) return false;
    down_error = found.down_error;
    HEARTH_TRY_VOID(advance(wanted.section.bytes()));
    return true;
}

// Records, then tables, then the entry that says it is done.
Result<void> PackWriter::write_section(size_t i, float& down_error) {
    const PackLayout::Section& layout = layout_.sections[i];
    HEARTH_TRY(const SectionResult result,
               records_.write(layout, [this](uint64_t bytes) -> Result<void> {
                   unflushed_ += bytes;
                   if (unflushed_ >= kUnflushedBytes) {
                       HEARTH_TRY_VOID(file_.flush());
                       unflushed_ = 0;
                   }
                   return advance(bytes);
               }));
    const auto placed = bytes_of(layout.placement);
    const auto checks = bytes_of(result.checksums);
    HEARTH_TRY_VOID(file_.write_at(layout.tables_offset, placed));
    HEARTH_TRY_VOID(file_.write_at(layout.tables_offset + placed.size(), checks));
    pack_format::Section entry = stored_section(layout.section);
    entry.down_error = down_error = result.down_error;
    entry.tables_crc = crc32c(checks, crc32c(placed));
    entry.crc = pack_format::own_crc(entry);
    return file_.write_at(entry_offset(i), std::as_bytes(std::span(&entry, 1)));
}

Result<void> PackWriter::advance(uint64_t bytes) {
    done_ += bytes;
    if (!options_.on_progress || options_.on_progress(done_, total_)) return {};
    return make_error(ErrorCode::cancelled,
                      "{}: stopped at {} of {} bytes (run it again: it goes on there)",
                      printable_path(file_.path()), done_, total_);
}

void PackWriter::report_errors(const std::vector<float>& section_errors) {
    const size_t n_layers = size_t{layout_.sections.back().section.layer} + 1;
    const size_t n_experts = layout_.sections.size() / n_layers;
    double all = 0.0;
    for (size_t layer = 0; layer < n_layers; ++layer) {
        double square = 0.0;
        for (size_t e = 0; e < n_experts; ++e) {
            const double error = section_errors[layer * n_experts + e];
            square += error * error / static_cast<double>(n_experts);
        }
        all += square / static_cast<double>(n_layers);
        report_.layer_down_error.push_back(static_cast<float>(std::sqrt(square)));
    }
    report_.down_error = static_cast<float>(std::sqrt(all));
}

Result<PackReport> PackWriter::write() {
    HEARTH_TRY(const bool resumes, is_same_pack());
    if (!resumes) {
        HEARTH_TRY_VOID(file_.clear());
        const pack_format::Header header = layout_.header();
        HEARTH_TRY_VOID(file_.write_at(0, std::as_bytes(std::span(&header, 1))));
    }
    std::vector<float> errors(layout_.sections.size());
    for (size_t i = 0; i < layout_.sections.size(); ++i) {
        bool done = false;
        if (resumes) {
            HEARTH_TRY(done, is_done(i, errors[i]));
        }
        if (done) {
            ++report_.n_sections_found;
        } else {
            HEARTH_TRY_VOID(write_section(i, errors[i]));
        }
    }
    HEARTH_TRY_VOID(file_.publish());
    report_.file_bytes = layout_.file_bytes;
    report_.n_sections = layout_.sections.size();
    report_.alignment = layout_.alignment;
    report_errors(errors);
    return std::move(report_);
}

}  // namespace

Result<PackReport> write_pack(const Gguf& gguf, const ModelConfig& config,
                              const PackOptions& options) {
    HEARTH_TRY(const auto file, PartialFile::open(options.path));
    const bool is_fresh = file->size() == 0;
    const size_t alignment = options.alignment != 0 ? options.alignment : file->read_alignment();
    const auto write = [&]() -> Result<PackReport> {
        HEARTH_TRY(const PackLayout layout,
                   lay_out_pack(gguf, config, alignment, options.down_type, options.placement));
        HEARTH_TRY_VOID(file->reserve(layout.file_bytes));
        return PackWriter(gguf, layout, options, *file).write();
    };
    auto report = write();
    // A full disk gets its room back; and what was never begun is no reason to leave a file.
    if (!report && (file->is_full() || (is_fresh && !file->was_written()))) file->discard();
    return report;
}

}  // namespace hearth
