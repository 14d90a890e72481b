#include "app/model_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "app/memory_budget.h"
#include "engine/base/printable.h"
#include "engine/model/config.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

constexpr size_t kDefaultContext = 4096;  // what Session takes when the model allows more
constexpr uint64_t kKvElementBytes = 2;   // F16

// Where the program looks for the bundled model, first to last.
std::vector<fs::path> model_folders() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    std::vector<fs::path> folders;
    if (!error) folders.push_back(program.parent_path() / ".." / "share" / "hearth" / "models");
    folders.emplace_back(HEARTH_ASSETS_DIR "/models");
    return folders;
}

// The first model of a folder by name; "" when there is none.
std::string first_model(const fs::path& folder) {
    std::error_code error;
    std::string first;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != ".gguf") continue;
        const std::string path = entry->path().string();
        if (first.empty() || path < first) first = path;
    }
    return first;
}

}  // namespace

Result<std::string> find_model(const Options& options) {
    if (!options.model.empty()) return options.model;
    for (const fs::path& folder : model_folders()) {
        std::string path = first_model(folder);
        if (!path.empty()) return path;
    }
    return make_error(ErrorCode::usage,
                      "no model: none was given and there is no bundled one (hearth -m FILE.gguf, "
                      "or model = \"FILE.gguf\" in config.toml)");
}

Result<uint64_t> needed_bytes(const Gguf& gguf, size_t n_ctx) {
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    if (n_ctx == 0) n_ctx = std::min(config.n_ctx_train, kDefaultContext);
    uint64_t weights = 0;
    for (const TensorInfo& tensor : gguf.tensors()) weights += tensor.bytes;  // each within a file
    // Bounded by read_model_config and the range of --ctx: layers, heads and positions fit easily.
    const uint64_t kv = uint64_t{2} * n_ctx * config.n_layers * config.kv_dim() * kKvElementBytes;
    return weights + kv;
}

Result<uint64_t> check_budget(const std::string& path, const Options& options) {
    HEARTH_TRY(const uint64_t budget, resolve(options.memory));
    if (budget == 0) return 0;
    HEARTH_TRY(const Gguf gguf, Gguf::open(path));
    HEARTH_TRY(const uint64_t needed, needed_bytes(gguf, options.n_ctx));
    if (needed <= budget) return budget;
    return make_error(
        ErrorCode::machine,
        "{}: needs {} for weights and context, --memory {} allows {} (a smaller --ctx "
        "or model needs less)",
        printable_path(path), format_bytes(needed), to_string(options.memory),
        format_bytes(budget));
}

}  // namespace hearth
