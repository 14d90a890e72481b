// PackLayout: what will stand where in a pack, decided before a byte of it is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "engine/model/ffn_tensors.h"
#include "engine/neuron/model_identity.h"
#include "engine/neuron/pack.h"

namespace hearth {

// For every section, in order of layers and then experts, the neuron at each position; an empty
// list (or none at all) leaves the neurons in the order of the model.
using Placement = std::vector<std::vector<uint32_t>>;

// What a down matrix that lies the usual way round is kept as in a pack when nobody says otherwise:
// Q8_0 (F16 where rows do not divide into its blocks), or what it is where that is no block type.
Dtype packed_down_type(Dtype in_file, size_t d_model);

struct PackLayout {
    struct Section {
        PackSection section;  // down_error is not known yet
        FfnTensors tensors;
        std::vector<uint32_t> placement;  // (n_records)
        uint64_t tables_offset = 0;       // in the file
    };
    ModelIdentity identity;
    uint32_t alignment = 0;
    uint64_t n_records = 0;
    uint64_t file_bytes = 0;
    std::vector<Section> sections;

    uint64_t record_bytes() const;       // of all sections, strides included
    pack_format::Header header() const;  // with its checksum
};

// `alignment` is 512 or 4096. `down_type` is what a down matrix that lies the usual way round is
// quantized to. Absent means packed_down_type(), since a second quantization to four bits is heard
// (on the reference models it takes the error of log-probabilities from 0.01 to 0.05 to 0.08; Q8_0
// adds nothing to it). A transposed one is copied as it is.
// Errors: bad_file for the model, usage for a placement that is none and a type that cannot be.
Result<PackLayout> lay_out_pack(const Gguf& gguf, const ModelConfig& config, size_t alignment,
                                std::optional<Dtype> down_type, const Placement& placement);

}  // namespace hearth
