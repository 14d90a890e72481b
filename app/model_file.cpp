#include "app/model_file.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "engine/default_plan.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

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

std::string bundled_model() {
    for (const fs::path& folder : model_folders()) {
        std::string path = first_model(folder);
        if (!path.empty()) return path;
    }
    return "";
}

Result<std::string> find_model(const Options& options) {
    if (!options.model.empty()) return options.model;
    std::string bundled = bundled_model();
    if (!bundled.empty()) return bundled;
    return make_error(ErrorCode::usage,
                      "no model: none was given and there is no bundled one (hearth -m FILE.gguf, "
                      "or model = \"FILE.gguf\" in config.toml)");
}

Result<Plan> make_plan(const Gguf& gguf, const MemoryLimit& memory, const SessionOptions& session) {
    PlanRequest request{
        .n_ctx = session.n_ctx, .n_threads = session.n_threads, .sparsity = session.sparsity};
    HEARTH_TRY(request.budget_bytes, resolve(memory));
    if (memory.kind != MemoryLimit::Kind::none) return default_plan(gguf, request);
    // A machine that does not say what it has gets the model whole, as it asked for.
    const auto machine = machine_memory();
    if (machine) request.budget_bytes = machine->available_bytes;
    HEARTH_TRY(Plan plan, default_plan(gguf, request));
    if (plan.placement == FfnPlacement::resident) plan.budget_bytes = 0;
    return plan;
}

}  // namespace hearth
