#include "engine/gguf/gguf.h"

#include <utility>

#include "engine/base/printable.h"
#include "engine/gguf/header.h"
#include "engine/gguf/split.h"

namespace hearth {

// A file, its header, and which part of the model it says it is.
struct Gguf::Part {
    std::unique_ptr<File> file;
    GgufHeader header;
    SplitInfo split;
};

Result<Gguf::Part> Gguf::read_part(std::unique_ptr<File> file) {
    HEARTH_TRY(GgufHeader header, read_header(*file));
    HEARTH_TRY(const SplitInfo split, split_info(header.metadata));
    return Part{std::move(file), std::move(header), split};
}

Result<Gguf::Part> Gguf::open_sibling(const std::string& path, const SplitInfo& expected,
                                      uint64_t index) {
    HEARTH_TRY(const std::string sibling, part_path(path, expected, index));
    auto file = open_file(sibling);
    if (!file) {
        return make_error(ErrorCode::bad_file,
                          "{}: part {} of {} cannot be opened (all parts belong in one folder)",
                          printable_path(sibling), index + 1, expected.n_parts);
    }
    HEARTH_TRY(Part part, read_part(std::move(*file)));
    const SplitInfo& found = part.split;
    if (found.part != index || found.n_parts != expected.n_parts ||
        found.n_tensors != expected.n_tensors) {
        return make_error(
            ErrorCode::bad_file,
            "{}: says it is part {} of {} with {} tensors in all, expected part {} of "
            "{} with {} (parts of different models?)",
            printable_path(sibling), found.part + 1, found.n_parts, found.n_tensors, index + 1,
            expected.n_parts, expected.n_tensors);
    }
    return part;
}

Result<void> Gguf::append(Part part) {
    for (TensorInfo& tensor : part.header.tensors) {
        tensor.file = files_.size();
        if (!index_.emplace(tensor.name, tensors_.size()).second) {
            return make_error(ErrorCode::bad_file, "{}: tensor '{}' is there twice (damaged file?)",
                              printable_path(part.file->path()), printable(tensor.name));
        }
        tensors_.push_back(std::move(tensor));
    }
    files_.push_back(std::move(part.file));
    return {};
}

// Part 0 has the metadata of the model; the others have tensors only.
Result<Gguf> Gguf::join(std::vector<Part> parts) {
    GgufHeader& first = parts.front().header;
    const SplitInfo split = parts.front().split;
    Gguf gguf(std::move(first.metadata));
    gguf.magic_ = first.magic;
    gguf.version_ = first.version;
    for (Part& part : parts) HEARTH_TRY_VOID(gguf.append(std::move(part)));
    if (split.n_parts > 1 && gguf.tensors_.size() != split.n_tensors) {
        return make_error(ErrorCode::bad_file,
                          "{}: {} parts have {} tensors, {} were expected (parts of two models?)",
                          printable_path(gguf.path()), split.n_parts, gguf.tensors_.size(),
                          split.n_tensors);
    }
    return gguf;
}

Result<Gguf> Gguf::parse(std::unique_ptr<File> file) {
    std::vector<Part> parts;
    HEARTH_TRY(Part part, read_part(std::move(file)));
    if (part.split.n_parts > 1) {
        return make_error(ErrorCode::bad_file, "{}: is part {} of {} (all parts are needed)",
                          printable_path(part.file->path()), part.split.part + 1,
                          part.split.n_parts);
    }
    parts.push_back(std::move(part));
    return join(std::move(parts));
}

Result<Gguf> Gguf::open(const std::string& path) {
    HEARTH_TRY(auto file, open_file(path));
    HEARTH_TRY(Part opened, read_part(std::move(file)));
    const SplitInfo split = opened.split;
    std::vector<Part> parts;
    for (uint64_t i = 0; i < split.n_parts; ++i) {
        if (i == split.part) {
            parts.push_back(std::move(opened));
        } else {
            HEARTH_TRY(Part sibling, open_sibling(path, split, i));
            parts.push_back(std::move(sibling));
        }
    }
    return join(std::move(parts));
}

const TensorInfo* Gguf::find(std::string_view name) const {
    const auto at = index_.find(std::string(name));
    return at == index_.end() ? nullptr : &tensors_[at->second];
}

}  // namespace hearth
