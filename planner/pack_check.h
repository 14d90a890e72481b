// Reading a whole pack and comparing it with its checksums.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "engine/base/thread_pool.h"
#include "engine/neuron/pack.h"

namespace hearth {

// Called with bytes done and bytes in all; false stops the work (ErrorCode::cancelled).
using PackProgress = std::function<bool(uint64_t done, uint64_t total)>;

// Reads all records of a section, with the zeroes behind each. Returns the first position that is
// not what was written, n_records for the zeroes behind the last; nullopt when all is well.
// `placement` and `checksums` are the section's. An error is one of reading.
Result<std::optional<uint32_t>> find_damage(const File& file, const PackSection& section,
                                            std::span<const uint32_t> placement,
                                            std::span<const pack_format::Checksums> checksums,
                                            ThreadPool& pool);

// Verifies every byte of a pack; bad_file with a line that names the first damaged record.
Result<void> verify_pack(const File& file, size_t n_threads, const PackProgress& on_progress);

}  // namespace hearth
