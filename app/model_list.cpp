#include "app/model_list.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "app/memory_budget.h"
#include "app/model_file.h"
#include "engine/base/printable.h"
#include "engine/default_plan.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirstPart = "-00001-of-";

// A later part of a split model: "x-00002-of-00003.gguf".
bool is_later_part(const std::string& name) {
    const size_t of = name.rfind("-of-");
    return of != std::string::npos && of >= 6 && name[of - 6] == '-' &&
           name.find(kFirstPart) == std::string::npos;
}

std::set<std::string> model_files(std::span<const std::string> folders) {
    std::set<std::string> found;
    for (const std::string& folder : folders) {
        std::error_code error;
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error)) {
            const fs::path path = fs::weakly_canonical(entry->path(), error);
            if (path.extension() != ".gguf" || is_later_part(path.filename())) continue;
            found.insert(path.string());
            if (found.size() == kMostModels) return found;
        }
    }
    return found;
}

// The type that most bytes have.
std::string main_type(const Gguf& gguf) {
    std::map<std::string_view, uint64_t> bytes;
    for (const TensorInfo& tensor : gguf.tensors())
        bytes[traits(tensor.dtype).name] += tensor.bytes;
    const auto most =
        std::max_element(bytes.begin(), bytes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == bytes.end() ? "" : std::string(most->first);
}

uint64_t memory_there(const Options& options) {
    const auto limit = resolve(options.memory);
    if (limit && *limit > 0) return *limit;
    const auto machine = machine_memory();
    return machine ? machine->available_bytes : UINT64_MAX;
}

Result<void> read_header(const Options& options, uint64_t memory, ModelListing& model) {
    HEARTH_TRY(const Gguf gguf, Gguf::open(model.file.path));
    for (const TensorInfo& tensor : gguf.tensors()) model.bytes += tensor.bytes;
    model.type = main_type(gguf);
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    model.architecture = config.architecture;
    HEARTH_TRY(const MemoryNeeds needs,
               memory_needs(gguf, config, options.n_ctx, options.n_threads));
    if (needs.everything() > memory) model.fit = ModelListing::Fit::streamed;
    return {};
}

}  // namespace

std::vector<ModelListing> list_models(std::span<const std::string> folders,
                                      const std::string& current, const Options& options) {
    const uint64_t memory = memory_there(options);
    const std::string bundled = bundled_model();
    std::error_code error;
    std::vector<ModelListing> listed;
    for (const std::string& path : model_files(folders)) {
        ModelListing model;
        model.file = {path, fs::equivalent(path, bundled, error)};
        model.is_current = fs::equivalent(path, current, error);
        if (const auto read = read_header(options, memory, model); !read) {
            model.fit = ModelListing::Fit::refused;
            const std::string& why = read.error().message;  // "<file>: <what>"
            const size_t file_end = why.find(": ");
            model.problem = file_end == std::string::npos ? why : why.substr(file_end + 2);
        }
        listed.push_back(std::move(model));
    }
    std::sort(listed.begin(), listed.end(), [](const ModelListing& a, const ModelListing& b) {
        return a.file.file_name() < b.file.file_name();
    });
    return listed;
}

Result<std::string> find_listed(std::span<const ModelListing> listed, const std::string& wanted) {
    std::error_code error;
    if (fs::is_regular_file(wanted, error)) return wanted;
    std::vector<std::string> meant;
    for (const ModelListing& one : listed) {
        const std::string name = one.file.file_name();
        if (name == wanted) return one.file.path;
        if (name.find(wanted) != std::string::npos) meant.push_back(one.file.path);
    }
    if (meant.size() == 1) return meant.front();
    return make_error(ErrorCode::usage, "{}: {} (/model lists them)", printable_path(wanted),
                      meant.empty() ? "no such file, and no model of that name"
                                    : fmt::format("{} models have that name", meant.size()));
}

std::string describe(const ModelListing& model) {
    if (model.fit == ModelListing::Fit::refused) return model.problem;
    return fmt::format(
        "{}  {} {}, {}{}{}", format_bytes(model.bytes), model.architecture, model.type,
        model.fit == ModelListing::Fit::whole ? "fits" : "does not fit: streams",
        model.file.is_bundled ? " · comes with hearth" : "", model.is_current ? " · in use" : "");
}

}  // namespace hearth
