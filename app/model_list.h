// The model files of the usual places, to choose from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/settings.h"
#include "engine/base/result.h"

namespace hearth {

// A model that is about to be loaded.
struct ModelChoice {
    std::string path;
    bool is_bundled = false;

    std::string file_name() const { return path.substr(path.rfind('/') + 1); }
};

struct ModelListing {
    enum class Fit { whole, streamed, refused };  // in the memory there is
    ModelChoice file;
    uint64_t bytes = 0;
    std::string architecture;  // "llama"
    std::string type;          // of most of its weights: "q4_0"
    Fit fit = Fit::whole;
    std::string problem;  // why it is refused
    bool is_current = false;
};

// All *.gguf of the folders, each file once, by name; of a split model its first part. Reads their
// headers, so what is not a model this program runs is told as such. At most kMostModels.
inline constexpr size_t kMostModels = 200;
std::vector<ModelListing> list_models(std::span<const std::string> folders,
                                      const std::string& current, const Options& options);

// The file that a person means: a path, or the part of the name of one listed model. usage when
// none or several are meant.
Result<std::string> find_listed(std::span<const ModelListing> listed, const std::string& wanted);

// "1.9 GiB  llama q4_0, fits" and what is wrong where it is refused.
std::string describe(const ModelListing& model);

}  // namespace hearth
