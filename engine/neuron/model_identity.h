// ModelIdentity: which model a pack or a plan was made for, told by what is in the file.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"

namespace hearth {

// XXH3-128. Two files with one identity are the same model for our purposes; the name of the file
// plays no part.
struct ModelIdentity {
    std::array<std::byte, 16> digest{};

    std::string hex() const;  // 32 lower-case digits
    bool operator==(const ModelIdentity&) const = default;
};

// Hashes, part by part, the file's size, its header (metadata and tensor table) and the first 4 KiB
// of every tensor: milliseconds for any model. Changed weights deep inside a tensor are not
// noticed; who changes weights changes the beginnings too.
Result<ModelIdentity> identify_model(const Gguf& gguf);

}  // namespace hearth
