#include "engine/gguf/header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "engine/base/bytes.h"
#include "engine/base/printable.h"
#include "engine/gguf/header_reader.h"
#include "engine/gguf/metadata_reader.h"

namespace hearth {

namespace {

constexpr uint64_t kMinTensorInfoBytes = 8 + 4 + 8 + 4 + 8;  // empty name, one dimension
constexpr uint64_t kMinKeyValueBytes = 8 + 4 + 1;            // empty key, one byte

Result<Gguf::Magic> read_magic(HeaderReader& reader) {
    std::array<char, 4> magic{};
    HEARTH_TRY_VOID(reader.bytes(std::as_writable_bytes(std::span(magic)), "the magic"));
    const std::string_view text(magic.data(), magic.size());
    if (text == "GGUF") return Gguf::Magic::gguf;
    if (text == "PWRI") return Gguf::Magic::pwri;
    if (text == "ggml" || text == "ggmf" || text == "ggjt" || text == "lmgg" || text == "tjgg") {
        return reader.error("is in a format older than GGUF (download a GGUF of this model)");
    }
    return reader.error("begins with '{}' instead of 'GGUF' (not a GGUF model file)",
                        printable(text));
}

Result<uint32_t> read_version(HeaderReader& reader) {
    HEARTH_TRY(const auto version, reader.number<uint32_t>("the version"));
    if (version == 2 || version == 3) return version;
    if (version != 0 && (version & 0xFFFF) == 0) {
        return reader.error("is big-endian, hearth reads little-endian GGUF (convert the file)");
    }
    if (version == 1) {
        return reader.error("is GGUF version 1, hearth reads 2 and 3 (download a newer file)");
    }
    return reader.error("is GGUF version {}, hearth reads 2 and 3 (damaged file, or newer hearth?)",
                        version);
}

// One of the two counts at the start, which decide how much work is done.
Result<uint64_t> read_count(HeaderReader& reader, std::string_view what, uint64_t limit,
                            uint64_t min_bytes_each) {
    HEARTH_TRY(const auto count, reader.number<uint64_t>(what));
    const uint64_t fits = reader.remaining() / min_bytes_each;
    if (count > limit) {
        return reader.error("{} is {}, at most {} are read (damaged file?)", what, count, limit);
    }
    if (count > fits) {
        return reader.error("{} is {}, the file has room for {} (truncated or damaged file?)", what,
                            count, fits);
    }
    return count;
}

Result<std::string> read_tensor_name(HeaderReader& reader, const std::string& what) {
    HEARTH_TRY(std::string name, reader.string(what));
    if (name.empty()) return reader.error("{} has no name (damaged file?)", what);
    if (name.size() > kMaxTensorNameBytes) {
        return reader.error("{}: its name has {} bytes, at most {} are allowed (damaged file?)",
                            what, name.size(), kMaxTensorNameBytes);
    }
    if (!is_printable(name)) {
        return reader.error("{} is called '{}', which is not plain text (damaged file?)", what,
                            printable(name));
    }
    return name;
}

Result<void> read_shape(HeaderReader& reader, const std::string& what, TensorInfo& tensor) {
    HEARTH_TRY(const auto n_dims, reader.number<uint32_t>(what));
    if (n_dims < 1 || n_dims > tensor.dims.size()) {
        return reader.error("{} has {} dimensions, 1 to 4 are allowed (damaged file?)", what,
                            n_dims);
    }
    tensor.n_dims = n_dims;
    uint64_t elements = 1;
    for (size_t i = 0; i < n_dims; ++i) {
        HEARTH_TRY(tensor.dims[i], reader.number<uint64_t>(what));
        const uint64_t dim = tensor.dims[i];
        if (dim == 0 || dim > std::numeric_limits<int64_t>::max()) {
            return reader.error("{}: dimension {} is {} (damaged file?)", what, i,
                                static_cast<int64_t>(dim));
        }
        const auto product = checked_mul(elements, dim);
        if (!product || *product > std::numeric_limits<int64_t>::max()) {
            return reader.error("{} has more than 2^63 elements (damaged file?)", what);
        }
        elements = *product;
    }
    return {};
}

// Fills dtype and bytes from the type id and the shape.
Result<void> read_dtype(HeaderReader& reader, const std::string& what, TensorInfo& tensor) {
    HEARTH_TRY(const auto id, reader.number<uint32_t>(what));
    const auto dtype = dtype_from_id(id);
    if (!dtype) return reader.error("{} is of {}", what, describe_unknown_dtype(id));
    tensor.dtype = *dtype;
    const DtypeTraits& type = traits(*dtype);
    if (tensor.dims[0] % type.block_elements != 0) {
        return reader.error("{}: rows of {} are not whole blocks of {} ({}) (damaged file?)", what,
                            tensor.dims[0], type.block_elements, type.name);
    }
    const auto row = checked_mul<uint64_t>(tensor.dims[0] / type.block_elements, type.block_bytes);
    const auto bytes = row ? checked_mul(*row, tensor.n_rows()) : std::nullopt;
    if (!bytes) return reader.error("{} has more than 2^64 bytes (damaged file?)", what);
    tensor.bytes = *bytes;
    return {};
}

// `offset` stays relative to the data section here.
Result<TensorInfo> read_tensor_info(HeaderReader& reader, uint64_t i, uint64_t count) {
    TensorInfo tensor;
    std::string what = fmt::format("tensor {} of {}", i + 1, count);
    HEARTH_TRY(tensor.name, read_tensor_name(reader, what));
    what = fmt::format("tensor '{}'", printable(tensor.name));
    HEARTH_TRY_VOID(read_shape(reader, what, tensor));
    HEARTH_TRY_VOID(read_dtype(reader, what, tensor));
    HEARTH_TRY(tensor.offset, reader.number<uint64_t>(what));
    return tensor;
}

Result<uint64_t> alignment_of(const HeaderReader& reader, const Metadata& metadata) {
    HEARTH_TRY(const auto alignment,
               metadata.optional_uint("general.alignment", kMinAlignment, kMaxAlignment));
    if (alignment && !std::has_single_bit(*alignment)) {
        return reader.error("key 'general.alignment' is {}, not a power of two (damaged file?)",
                            *alignment);
    }
    return alignment.value_or(kDefaultAlignment);
}

// Makes offsets absolute and checks each tensor against the file.
Result<void> place(const HeaderReader& reader, uint64_t file_bytes, uint64_t alignment,
                   std::vector<TensorInfo>& tensors) {
    const auto data = checked_round_up(reader.position(), alignment);
    for (TensorInfo& tensor : tensors) {
        const std::string name = printable(tensor.name);
        if (tensor.offset % alignment != 0) {
            return reader.error("tensor '{}' is at offset {}, not a multiple of {} (damaged file?)",
                                name, tensor.offset, alignment);
        }
        const auto begin = data ? checked_add(*data, tensor.offset) : std::nullopt;
        const auto end = begin ? checked_add(*begin, tensor.bytes) : std::nullopt;
        if (!end) {
            return reader.error("tensor '{}' is at offset {} with {} bytes (damaged file?)", name,
                                tensor.offset, tensor.bytes);
        }
        if (*end > file_bytes) {
            return reader.error("tensor '{}' ends at byte {}, file has {} (truncated download?)",
                                name, *end, file_bytes);
        }
        tensor.offset = *begin;
    }
    return {};
}

std::vector<const TensorInfo*> by_offset(const std::vector<TensorInfo>& tensors) {
    std::vector<const TensorInfo*> sorted;
    sorted.reserve(tensors.size());
    for (const TensorInfo& tensor : tensors) sorted.push_back(&tensor);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* a, const auto* b) { return a->offset < b->offset; });
    return sorted;
}

// Returns where the last tensor ends.
Result<uint64_t> refuse_overlaps(const HeaderReader& reader,
                                 const std::vector<TensorInfo>& tensors) {
    uint64_t end = reader.position();
    const TensorInfo* previous = nullptr;
    for (const TensorInfo* tensor : by_offset(tensors)) {
        if (previous != nullptr && tensor->offset < end) {
            return reader.error("tensors '{}' and '{}' overlap at byte {} (damaged file?)",
                                printable(previous->name, 40), printable(tensor->name, 40),
                                tensor->offset);
        }
        end = tensor->offset + tensor->bytes;
        previous = tensor;
    }
    return end;
}

// Writers pad the last tensor; anything else there means that the table and the data do not belong
// together (a resumed download that appended, a file concatenated to another).
Result<void> check_tail(const HeaderReader& reader, const File& file, uint64_t end) {
    const uint64_t tail = file.size() - end;
    std::vector<std::byte> bytes(static_cast<size_t>(std::min(tail, kMaxAlignment)));
    HEARTH_TRY_VOID(read_exact(file, end, bytes));
    const bool zero = std::all_of(bytes.begin(), bytes.end(),
                                  [](std::byte byte) { return byte == std::byte{0}; });
    if (zero && tail <= kMaxAlignment) return {};
    return reader.error(
        "{} bytes follow the last tensor, which ends at byte {} (damaged download?)", tail, end);
}

}  // namespace

Result<GgufHeader> read_header(const File& file) {
    HeaderReader reader(file);
    HEARTH_TRY(const Gguf::Magic magic, read_magic(reader));
    HEARTH_TRY(const uint32_t version, read_version(reader));
    HEARTH_TRY(const uint64_t n_tensors,
               read_count(reader, "the number of tensors", kMaxTensors, kMinTensorInfoBytes));
    HEARTH_TRY(const uint64_t n_keys,
               read_count(reader, "the number of keys", kMaxMetadataKeys, kMinKeyValueBytes));
    HEARTH_TRY(Metadata metadata, read_metadata(reader, n_keys));
    HEARTH_TRY(const uint64_t alignment, alignment_of(reader, metadata));
    std::vector<TensorInfo> tensors;
    tensors.reserve(static_cast<size_t>(n_tensors));
    for (uint64_t i = 0; i < n_tensors; ++i) {
        HEARTH_TRY(TensorInfo tensor, read_tensor_info(reader, i, n_tensors));
        tensors.push_back(std::move(tensor));
    }
    HEARTH_TRY_VOID(place(reader, file.size(), alignment, tensors));
    HEARTH_TRY(const uint64_t end, refuse_overlaps(reader, tensors));
    HEARTH_TRY_VOID(check_tail(reader, file, end));
    return GgufHeader{magic, version, std::move(metadata), std::move(tensors)};
}

}  // namespace hearth
