// The files that bench_offload works with: a planted model and its pack, hot neurons first.
#pragma once

#include <cstdint>
#include <string>

#include "bench/synth/synthetic_shape.h"
#include "engine/base/result.h"

namespace hearth::bench {

struct Files {
    std::string model;
    std::string pack;
    std::string profile;  // ModelProfile: how often each neuron fires
};

// The paths of a shape's files in a folder, whether they are there or not.
Files files_in(const std::string& folder, const std::string& shape_name);

// Makes what is missing: the model by hearth-synth's library, the pack with the placement of a
// profile of 256 random tokens (others than those that are measured). Says what it does.
Result<void> make_files(const Files& files, const SyntheticShape& shape, size_t n_threads);

// What the model's memory consists of.
struct ModelBytes {
    uint64_t fixed = 0;  // all tensors but FFN matrices, and the KV cache
    uint64_t ffn = 0;
};
Result<ModelBytes> model_bytes(const std::string& path, size_t n_ctx);

}  // namespace hearth::bench
