// Gguf: a parsed, fully validated model file. If you hold one, it is valid.
//
//   magic "GGUF" | version u32 (2, 3) | n_tensors i64 | n_kv i64 | key-values | tensor table | pad
//   | tensor data
//
// Versions 2 and 3 (little-endian), the PWRI variant of PowerInfer (same layout, other magic), and
// split files (name-00001-of-0000N.gguf, opened by naming any part). All limits are checked here,
// once; everything behind may trust names (plain text, unique), shapes (no zero, whole blocks),
// offsets (aligned, within the file, no overlap) and sizes. Sources: ggml docs/gguf.md;
// limits: reliability.md 4 (P1).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/gguf/metadata.h"

namespace hearth {

struct SplitInfo;

struct TensorInfo {
    std::string name;
    Dtype dtype = Dtype::f32;
    size_t n_dims = 0;                         // 1 to 4
    std::array<uint64_t, 4> dims{1, 1, 1, 1};  // dims[0] is the row length (fastest)
    size_t file = 0;                           // index of the part that holds it
    uint64_t offset = 0;                       // absolute byte offset in that part
    uint64_t bytes = 0;                        // size of its data

    uint64_t n_elements() const { return dims[0] * dims[1] * dims[2] * dims[3]; }  // checked: fits
    uint64_t n_rows() const { return dims[1] * dims[2] * dims[3]; }
};

class Gguf {
  public:
    enum class Magic { gguf, pwri };

    // Reads and validates the header of `path` (and of its sibling parts). No tensor data is read.
    // Errors: bad_file with one line naming file, place and numbers.
    static Result<Gguf> open(const std::string& path);
    // The same for a file that is open already (tests, fuzzing). Split files are refused here.
    static Result<Gguf> parse(std::unique_ptr<File> file);

    Magic magic() const { return magic_; }
    uint32_t version() const { return version_; }
    const Metadata& metadata() const { return metadata_; }
    const std::vector<TensorInfo>& tensors() const { return tensors_; }  // in file order
    const TensorInfo* find(std::string_view name) const;
    // The file that holds tensors with that `file` index.
    const File& file(size_t index) const { return *files_[index]; }
    size_t n_files() const { return files_.size(); }
    const std::string& path() const { return files_.front()->path(); }

  private:
    struct Part;
    explicit Gguf(Metadata metadata) : metadata_(std::move(metadata)) {}
    static Result<Part> read_part(std::unique_ptr<File> file);
    static Result<Part> open_sibling(const std::string& path, const SplitInfo& opened,
                                     uint64_t index);
    static Result<Gguf> join(std::vector<Part> parts);
    Result<void> append(Part part);

    Magic magic_ = Magic::gguf;
    uint32_t version_ = 3;
    Metadata metadata_;
    std::vector<TensorInfo> tensors_;
    std::unordered_map<std::string, size_t> index_;
    std::vector<std::unique_ptr<File>> files_;
};

}  // namespace hearth
