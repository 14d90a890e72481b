#include "engine/gguf/gguf_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/base/aligned_buffer.h"
#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "engine/base/file.h"
#include "engine/gguf/value_type.h"

namespace hearth {

namespace {

constexpr size_t kChunkBytes = size_t{4} << 20;
constexpr uint32_t kDefaultAlignment = 32;

template <typename T>
struct TypeOf;
template <ValueType type>
using Is = std::integral_constant<ValueType, type>;
template <>
struct TypeOf<uint8_t> : Is<ValueType::u8> {};
template <>
struct TypeOf<int8_t> : Is<ValueType::i8> {};
template <>
struct TypeOf<uint16_t> : Is<ValueType::u16> {};
template <>
struct TypeOf<int16_t> : Is<ValueType::i16> {};
template <>
struct TypeOf<uint32_t> : Is<ValueType::u32> {};
template <>
struct TypeOf<int32_t> : Is<ValueType::i32> {};
template <>
struct TypeOf<float> : Is<ValueType::f32> {};
template <>
struct TypeOf<bool> : Is<ValueType::boolean> {};
template <>
struct TypeOf<std::string> : Is<ValueType::string> {};
template <>
struct TypeOf<uint64_t> : Is<ValueType::u64> {};
template <>
struct TypeOf<int64_t> : Is<ValueType::i64> {};
template <>
struct TypeOf<double> : Is<ValueType::f64> {};

template <typename T>
void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put(std::string& out, const std::string& text) {
    put<uint64_t>(out, text.size());
    out.append(text);
}

// Type, then value.
template <typename T>
void put_value(std::string& out, const T& value) {
    put(out, TypeOf<T>::value);
    put(out, value);
}

template <typename T>
void put_value(std::string& out, const std::vector<T>& values) {
    put(out, ValueType::array);
    put(out, TypeOf<T>::value);
    put<uint64_t>(out, values.size());
    for (const T& value : values) put(out, value);
}

Result<void> write_all(int fd, const std::string& path, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            return make_error(ErrorCode::machine, "{}: cannot write {} bytes: {}", path,
                              bytes.size(), n < 0 ? std::strerror(errno) : "nothing was written");
        }
        bytes = bytes.subspan(static_cast<size_t>(n));
    }
    return {};
}

}  // namespace

GgufWriter::GgufWriter(Gguf::Magic magic, uint32_t alignment)
    : magic_(magic), alignment_(alignment) {
    HEARTH_CHECK(std::has_single_bit(alignment) && alignment >= 8 && alignment <= 65'536);
    if (alignment != kDefaultAlignment) set("general.alignment", alignment);
}

void GgufWriter::set(std::string key, Value value) {
    const auto at = std::find_if(values_.begin(), values_.end(),
                                 [&](const auto& pair) { return pair.first == key; });
    if (at == values_.end()) {
        values_.emplace_back(std::move(key), std::move(value));
    } else {
        at->second = std::move(value);
    }
}

void GgufWriter::erase(std::string_view key) {
    std::erase_if(values_, [&](const auto& pair) { return pair.first == key; });
}

void GgufWriter::add_tensor(std::string name, Dtype dtype, std::vector<uint64_t> dims, Fill fill) {
    HEARTH_CHECK(!dims.empty() && dims.size() <= 4);
    HEARTH_CHECK(dims[0] % traits(dtype).block_elements == 0);
    uint64_t bytes = row_bytes(dtype, dims[0]);
    for (size_t i = 1; i < dims.size(); ++i) bytes *= dims[i];
    tensors_.push_back(
        {std::move(name), dtype, std::move(dims), data_bytes_, bytes, std::move(fill)});
    data_bytes_ += round_up<uint64_t>(bytes, alignment_);
}

void GgufWriter::add_tensor(std::string name, Dtype dtype, std::vector<uint64_t> dims,
                            std::vector<std::byte> data) {
    const size_t size = data.size();
    add_tensor(std::move(name), dtype, std::move(dims),
               [data = std::move(data)](uint64_t offset, std::span<std::byte> chunk) {
                   std::memcpy(chunk.data(), data.data() + offset, chunk.size());
                   return Result<void>();
               });
    HEARTH_CHECK(tensors_.back().bytes == size);
}

std::string GgufWriter::header() const {
    std::string out = magic_ == Gguf::Magic::gguf ? "GGUF" : "PWRI";
    put<uint32_t>(out, 3);
    put<uint64_t>(out, tensors_.size());
    put<uint64_t>(out, values_.size());
    for (const auto& [key, value] : values_) {
        put(out, key);
        std::visit([&out](const auto& typed) { put_value(out, typed); }, value);
    }
    for (const Tensor& tensor : tensors_) {
        put(out, tensor.name);
        put(out, static_cast<uint32_t>(tensor.dims.size()));
        for (const uint64_t dim : tensor.dims) put(out, dim);
        put(out, static_cast<uint32_t>(tensor.dtype));
        put(out, tensor.offset);
    }
    out.resize(round_up<size_t>(out.size(), alignment_));
    return out;
}

uint64_t GgufWriter::file_bytes() const {
    return header().size() + data_bytes_;
}

Result<void> GgufWriter::write_tensor(const Tensor& tensor, std::span<std::byte> buffer,
                                      const Sink& sink) const {
    for (uint64_t done = 0; done < tensor.bytes;) {
        const auto part = buffer.first(
            static_cast<size_t>(std::min<uint64_t>(buffer.size(), tensor.bytes - done)));
        HEARTH_TRY_VOID(tensor.fill(done, part));
        HEARTH_TRY_VOID(sink(part));
        done += part.size();
    }
    const std::vector<std::byte> padding(
        static_cast<size_t>(round_up<uint64_t>(tensor.bytes, alignment_) - tensor.bytes));
    return sink(padding);
}

Result<void> GgufWriter::write_to(const Sink& sink) const {
    const std::string head = header();
    HEARTH_TRY_VOID(sink(std::as_bytes(std::span(head))));
    uint64_t largest = 0;
    for (const Tensor& tensor : tensors_) largest = std::max(largest, tensor.bytes);
    AlignedBuffer<std::byte> buffer(static_cast<size_t>(std::min<uint64_t>(largest, kChunkBytes)));
    for (const Tensor& tensor : tensors_) {
        HEARTH_TRY_VOID(write_tensor(tensor, buffer.span(), sink));
    }
    return {};
}

Result<void> GgufWriter::write(const std::string& path) const {
    const std::string temporary = fmt::format("{}.tmp-{}", path, ::getpid());
    Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!fd) {
        return make_error(ErrorCode::machine, "{}: cannot create: {}", temporary,
                          std::strerror(errno));
    }
    auto written = write_to(
        [&](std::span<const std::byte> bytes) { return write_all(fd.get(), temporary, bytes); });
    if (written && ::fsync(fd.get()) != 0) {
        written =
            make_error(ErrorCode::machine, "{}: cannot sync: {}", temporary, std::strerror(errno));
    }
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
        written = make_error(ErrorCode::machine, "{}: cannot rename to {}: {}", temporary, path,
                             std::strerror(errno));
    }
    if (!written) ::unlink(temporary.c_str());
    return written;
}

Result<std::vector<std::byte>> GgufWriter::bytes() const {
    std::vector<std::byte> out;
    HEARTH_TRY_VOID(write_to([&out](std::span<const std::byte> bytes) {
        out.insert(out.end(), bytes.begin(), bytes.end());
        return Result<void>();
    }));
    return out;
}

}  // namespace hearth
