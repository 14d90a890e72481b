#include "planner/pack_layout.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/printable.h"
#include "engine/kernels/quantize_weights.h"

namespace hearth {

namespace {

bool can_be_packed_as(Dtype dtype, size_t d_model) {
    return can_quantize(dtype) && d_model % traits(dtype).block_elements == 0;
}

// The type that down is stored in.
Result<Dtype> choose_down_type(const Gguf& gguf, const FfnTensors& ffn, size_t d_model,
                               std::optional<Dtype> wanted) {
    if (ffn.down_is_transposed) return ffn.down.dtype;
    if (wanted) {
        if (can_be_packed_as(*wanted, d_model)) return *wanted;
        return make_error(ErrorCode::usage,
                          "{}: down cannot be stored as {}, rows of {} (F16 and Q8_0 always fit)",
                          printable_path(gguf.path()), traits(*wanted).name, d_model);
    }
    return packed_down_type(ffn.down.dtype, d_model);
}

Result<PackSection> describe(const Gguf& gguf, const FfnTensors& ffn, Dtype down, size_t layer,
                             size_t expert, size_t alignment) {
    const size_t d_model = ffn.up.cols;
    const size_t down_offset = ffn.up.row_bytes;
    const size_t gate_offset = down_offset + row_bytes(down, d_model);
    const size_t record_bytes = gate_offset + ffn.gate.row_bytes;
    if (record_bytes > pack_format::kMaxRecordBytes) {
        return make_error(ErrorCode::bad_file, "{}: a neuron has {} bytes, at most {} are packed",
                          printable_path(gguf.path()), record_bytes, pack_format::kMaxRecordBytes);
    }
    return PackSection{.layer = static_cast<uint32_t>(layer),
                       .expert = static_cast<uint32_t>(expert),
                       .n_records = static_cast<uint32_t>(ffn.up.rows),
                       .up = ffn.up.dtype,
                       .down = down,
                       .gate = ffn.gate.dtype,
                       .down_offset = static_cast<uint32_t>(down_offset),
                       .gate_offset = static_cast<uint32_t>(gate_offset),
                       .record_bytes = static_cast<uint32_t>(record_bytes),
                       .stride = static_cast<uint32_t>(round_up(record_bytes, alignment))};
}

bool is_permutation_of_all(std::vector<uint32_t> placement) {
    std::sort(placement.begin(), placement.end());
    for (size_t i = 0; i < placement.size(); ++i) {
        if (placement[i] != i) return false;
    }
    return true;
}

Result<std::vector<uint32_t>> placement_of(const Placement& placement, size_t section, size_t n) {
    std::vector<uint32_t> placed;
    if (section < placement.size()) placed = placement[section];
    if (placed.empty()) {
        placed.resize(n);
        std::iota(placed.begin(), placed.end(), 0U);
    } else if (placed.size() != n || !is_permutation_of_all(placed)) {
        return make_error(ErrorCode::usage,
                          "placement: section {} names {} neurons, each of {} is wanted once",
                          section, placed.size(), n);
    }
    return placed;
}

}  // namespace

Dtype packed_down_type(Dtype in_file, size_t d_model) {
    const bool is_float = traits(in_file).block_elements == 1;
    if (is_float) return in_file;
    return can_be_packed_as(Dtype::q8_0, d_model) ? Dtype::q8_0 : Dtype::f16;
}

uint64_t PackLayout::record_bytes() const {
    uint64_t bytes = 0;
    for (const Section& one : sections) bytes += one.section.bytes();
    return bytes;
}

pack_format::Header PackLayout::header() const {
    pack_format::Header header;
    header.alignment = alignment;
    header.file_bytes = file_bytes;
    header.n_records = n_records;
    header.n_sections = static_cast<uint32_t>(sections.size());
    header.identity = identity.digest;
    header.crc = pack_format::own_crc(header);
    return header;
}

Result<PackLayout> lay_out_pack(const Gguf& gguf, const ModelConfig& config, size_t alignment,
                                std::optional<Dtype> down_type, const Placement& placement) {
    if (alignment != 512 && alignment != 4096) {
        return make_error(ErrorCode::usage, "alignment {}: a pack is aligned to 512 or 4096",
                          alignment);
    }
    const size_t n_experts = std::max<size_t>(1, config.n_experts);
    const size_t n_sections = config.n_layers * n_experts;  // both at most 1024
    const uint64_t n_records = uint64_t{n_sections} * config.d_ff;
    if (n_sections > pack_format::kMaxSections || n_records > pack_format::kMaxRecords) {
        return make_error(ErrorCode::bad_file, "{}: {} FFNs with {} neurons, {} and {} are packed",
                          printable_path(gguf.path()), n_sections, n_records,
                          pack_format::kMaxSections, pack_format::kMaxRecords);
    }
    PackLayout layout;
    HEARTH_TRY(layout.identity, identify_model(gguf));
    layout.alignment = static_cast<uint32_t>(alignment);
    layout.n_records = n_records;
    uint64_t tables = pack_format::tables_offset(n_sections);
    uint64_t records = pack_format::records_offset(n_sections, n_records);
    for (size_t i = 0; i < n_sections; ++i) {
        const size_t layer = i / n_experts;
        const size_t expert = i % n_experts;
        PackLayout::Section one;
        HEARTH_TRY(one.tensors, find_ffn_tensors(gguf, config, layer, expert));
        HEARTH_TRY(const Dtype down,
                   choose_down_type(gguf, one.tensors, config.d_model, down_type));
        HEARTH_TRY(one.section, describe(gguf, one.tensors, down, layer, expert, alignment));
        HEARTH_TRY(one.placement, placement_of(placement, i, config.d_ff));
        one.section.offset = records;
        one.tables_offset = tables;
        tables += one.section.n_records * pack_format::kTableBytesPerRecord;
        // At most 2^30 records of 2^24 bytes: fits.
        records = round_up(records + one.section.bytes(), pack_format::kSectionAlignment);
        layout.sections.push_back(std::move(one));
    }
    layout.file_bytes = records;
    return layout;
}

}  // namespace hearth
