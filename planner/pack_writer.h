// Writing a pack (engine/neuron/pack.h): once per model, atomically, able to go on after a stop.
//
// The pack is written as "<path>.partial" and gets its name when all of it is on disk. A section is
// entered in the section table after its records and tables, so a partial file tells which of its
// sections are done; a later run verifies those by their checksums and writes the others. The same
// model and options give the same bytes, stopped in between or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "planner/pack_check.h"
#include "planner/pack_layout.h"

namespace hearth {

struct PackOptions {
    std::string path = {};  // of the pack; its folder exists
    size_t alignment = 0;   // of records: 512 or 4096; 0 = what direct reads on that disk want
    // What down is stored as where it has to be quantized anew; absent = as lay_out_pack says.
    std::optional<Dtype> down_type = {};
    Placement placement = {};
    size_t n_threads = 1;
    PackProgress on_progress = {};  // bytes of records; false stops, and a later run goes on
};

struct PackReport {
    uint64_t file_bytes = 0;
    size_t n_sections = 0;
    size_t n_sections_found = 0;  // finished by an earlier run
    size_t alignment = 0;
    // Relative RMS error of down matrices that were quantized anew, (n_layers), 0 where they were
    // copied; of a mixture the root of the mean square over its experts, overall that over layers.
    std::vector<float> layer_down_error;
    float down_error = 0.0F;
};

// Errors: bad_file for the model, usage for options, machine for the disk; cancelled. After any of
// them there is no new file at options.path, and one that was there is intact.
Result<PackReport> write_pack(const Gguf& gguf, const ModelConfig& config,
                              const PackOptions& options);

}  // namespace hearth
