// PackOffer: what a pack would take and bring, for whoever decides whether it is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"

namespace hearth {

struct PackOffer {
    std::string path;
    uint64_t bytes = 0;                   // of the file
    std::optional<uint64_t> free_bytes;   // on its disk
    double seconds = 0.0;                 // to write it, roughly
    double tokens_per_second = 0.0;       // expected with it
    std::optional<double> speed_without;  // absent = nothing fits without it

    // Whether the disk keeps as much room as the pack takes.
    bool is_sensible() const { return !free_bytes || *free_bytes / 2 >= bytes; }
};

// Size, room and time; what it brings is the caller's to say. bad_file for the model.
Result<PackOffer> offer_pack(const Gguf& gguf, const ModelConfig& config, const std::string& path,
                             size_t alignment, size_t n_threads);

}  // namespace hearth
