// Where the reference models with exact expectations lie, and what they say.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace hearth {

// ../shared/reference beside the checkout, or $HEARTH_REFERENCE.
inline std::filesystem::path reference_folder() {
    if (const char* folder = std::getenv("HEARTH_REFERENCE")) return folder;
    return std::filesystem::path(HEARTH_SOURCE_DIR) / ".." / "shared" / "reference";
}

}  // namespace hearth
