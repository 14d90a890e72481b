#include "engine/gguf/split.h"

#include "engine/base/printable.h"

namespace hearth {

namespace {

std::string suffix(uint64_t part, uint64_t n_parts) {
    return fmt::format("-{:05}-of-{:05}.gguf", part + 1, n_parts);
}

}  // namespace

Result<SplitInfo> split_info(const Metadata& metadata) {
    HEARTH_TRY(const auto n_parts, metadata.optional_uint("split.count", 0, kMaxParts));
    if (n_parts.value_or(0) <= 1) return SplitInfo{};
    SplitInfo info;
    info.n_parts = *n_parts;
    HEARTH_TRY(info.part, metadata.require_uint("split.no", 0, info.n_parts - 1));
    HEARTH_TRY(info.n_tensors, metadata.require_uint("split.tensors.count", 0, UINT32_MAX));
    return info;
}

Result<std::string> part_path(const std::string& path, const SplitInfo& info, uint64_t part) {
    const std::string own = suffix(info.part, info.n_parts);
    if (!path.ends_with(own)) {
        return make_error(ErrorCode::bad_file,
                          "{}: is part {} of {}, but its name does not end in {} (rename it back)",
                          printable_path(path), info.part + 1, info.n_parts, own);
    }
    return path.substr(0, path.size() - own.size()) + suffix(part, info.n_parts);
}

}  // namespace hearth
