#include "planner/pack_check.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "engine/base/printable.h"

namespace hearth {

namespace {

constexpr size_t kReadBytes = size_t{1} << 20;  // per worker

bool is_zero(std::span<const std::byte> bytes) {
    return std::all_of(bytes.begin(), bytes.end(),
                       [](std::byte byte) { return byte == std::byte{0}; });
}

bool is_whole(const PackSection& section, const pack_format::Checksums& expected,
              std::span<const std::byte> slot) {
    const auto prefix = slot.first(section.gate_offset);
    const auto gate = slot.subspan(section.gate_offset, section.record_bytes - section.gate_offset);
    return crc32c(prefix) == expected.prefix && crc32c(gate) == expected.gate &&
           is_zero(slot.subspan(section.record_bytes));
}

// What one worker has found.
struct Findings {
    std::vector<std::byte> slots;
    uint32_t damaged = ~uint32_t{0};  // the lowest position
    std::optional<Error> error;
};

}  // namespace

Result<std::optional<uint32_t>> find_damage(const File& file, const PackSection& section,
                                            std::span<const uint32_t> placement,
                                            std::span<const pack_format::Checksums> checksums,
                                            ThreadPool& pool) {
    const size_t grain = std::max<size_t>(1, kReadBytes / section.stride);
    std::vector<Findings> findings(pool.n_threads());
    for (Findings& one : findings) one.slots.resize(grain * section.stride);
    pool.parallel_for(section.n_records, grain, [&](size_t begin, size_t end, size_t worker) {
        Findings& mine = findings[worker];
        if (mine.error) return;
        const auto slots = std::span(mine.slots).first((end - begin) * section.stride);
        const auto read = read_exact(file, section.offset + begin * section.stride, slots);
        if (!read) {
            mine.error = read.error();
            return;
        }
        for (size_t p = begin; p < end; ++p) {
            const auto slot = slots.subspan((p - begin) * section.stride, section.stride);
            if (is_whole(section, checksums[placement[p]], slot)) continue;
            mine.damaged = std::min(mine.damaged, static_cast<uint32_t>(p));
            break;
        }
    });
    uint32_t damaged = ~uint32_t{0};
    for (const Findings& one : findings) {
        if (one.error) return tl::unexpected(*one.error);
        damaged = std::min(damaged, one.damaged);
    }
    if (damaged != ~uint32_t{0}) return damaged;
    const uint64_t end = section.offset + section.bytes();
    std::vector<std::byte> tail(round_up(end, pack_format::kSectionAlignment) - end);
    HEARTH_TRY_VOID(read_exact(file, end, tail));
    if (!is_zero(tail)) return section.n_records;
    return std::nullopt;
}

Result<void> verify_pack(const File& file, size_t n_threads, const PackProgress& on_progress) {
    HEARTH_TRY(const Pack pack, Pack::parse(file));
    const uint64_t tables_end = pack_format::tables_offset(pack.sections().size()) +
                                pack.n_records() * pack_format::kTableBytesPerRecord;
    std::vector<std::byte> pad(pack.sections().front().offset - tables_end);
    HEARTH_TRY_VOID(read_exact(file, tables_end, pad));
    if (!is_zero(pad)) {
        return make_error(ErrorCode::bad_file,
                          "{}: the bytes behind its tables, at {}, are damaged (run hearth pack "
                          "again)",
                          printable_path(file.path()), tables_end);
    }
    ThreadPool pool(n_threads);
    uint64_t done = tables_end;
    for (size_t i = 0; i < pack.sections().size(); ++i) {
        const PackSection& section = pack.sections()[i];
        HEARTH_TRY(const auto damaged,
                   find_damage(file, section, pack.placement(i), pack.checksums(i), pool));
        if (damaged) {
            return make_error(ErrorCode::bad_file,
                              "{}: layer {} expert {}: the record at byte {} is damaged (run "
                              "hearth pack again)",
                              printable_path(file.path()), section.layer, section.expert,
                              section.offset + uint64_t{*damaged} * section.stride);
        }
        done += section.bytes();
        if (on_progress && !on_progress(done, pack.file_bytes())) {
            return make_error(ErrorCode::cancelled, "{}: verifying was stopped at {} of {} bytes",
                              printable_path(file.path()), done, pack.file_bytes());
        }
    }
    return {};
}

}  // namespace hearth
