#include "engine/gguf/metadata_reader.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "engine/base/check.h"
#include "engine/base/printable.h"
#include "engine/gguf/value_type.h"

namespace hearth {

namespace {

template <typename T>
using Stored = std::conditional_t<std::is_floating_point_v<T>, double,
                                  std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>;
template <typename T>
using StoredElement = std::conditional_t<std::is_floating_point_v<T>, float, Stored<T>>;

class MetadataReader {
  public:
    explicit MetadataReader(HeaderReader& reader) : reader_(reader) {}

    Result<Metadata> read(uint64_t count) {
        Metadata metadata(reader_.name());
        for (uint64_t i = 0; i < count; ++i) {
            HEARTH_TRY(Metadata::Entry entry, read_entry(i, count));
            const std::string shown = printable(entry.key);
            if (!metadata.add(std::move(entry))) {
                return reader_.error("key '{}' is there twice (damaged file?)", shown);
            }
        }
        return metadata;
    }

  private:
    Result<Metadata::Entry> read_entry(uint64_t i, uint64_t count) {
        what_ = fmt::format("key {} of {}", i + 1, count);
        Metadata::Entry entry;
        HEARTH_TRY(entry.key, read_key());
        what_ = fmt::format("the value of key '{}'", printable(entry.key));
        HEARTH_TRY(const ValueType type, read_type());
        entry.type = traits(type).name;
        if (type != ValueType::array) {
            HEARTH_TRY(entry.value, read_scalar(type));
            return entry;
        }
        HEARTH_TRY(const ValueType element, read_type());
        entry.type += fmt::format(" of {}", traits(element).name);
        HEARTH_TRY(entry.value, read_array(element));
        return entry;
    }

    Result<std::string> read_key() {
        HEARTH_TRY(std::string key, reader_.string(what_));
        if (key.empty()) return reader_.error("{} is empty (damaged file?)", what_);
        if (key.size() > kMaxKeyBytes) {
            return reader_.error("{} has {} bytes, at most {} are allowed (damaged file?)", what_,
                                 key.size(), kMaxKeyBytes);
        }
        if (!is_printable(key)) {
            return reader_.error("{} is '{}', which is not plain text (damaged file?)", what_,
                                 printable(key));
        }
        return key;
    }

    Result<ValueType> read_type() {
        const uint64_t at = reader_.position();
        HEARTH_TRY(const auto id, reader_.number<uint32_t>(what_));
        if (id >= kValueTypes.size()) {
            return reader_.error("{} has type {} at byte {}, 0 to {} are known (damaged file?)",
                                 what_, id, at, kValueTypes.size() - 1);
        }
        return static_cast<ValueType>(id);
    }

    template <typename T>
    Result<MetadataValue> read_number() {
        HEARTH_TRY(const T value, reader_.number<T>(what_));
        return MetadataValue(static_cast<Stored<T>>(value));
    }

    Result<bool> read_bool() {
        HEARTH_TRY(const auto byte, reader_.number<uint8_t>(what_));
        if (byte > 1) {
            return reader_.error("{} is a bool of {}, 0 or 1 was expected (damaged file?)", what_,
                                 byte);
        }
        return byte == 1;
    }

    Result<MetadataValue> read_scalar(ValueType type) {
        switch (type) {
            case ValueType::u8:
                return read_number<uint8_t>();
            case ValueType::i8:
                return read_number<int8_t>();
            case ValueType::u16:
                return read_number<uint16_t>();
            case ValueType::i16:
                return read_number<int16_t>();
            case ValueType::u32:
                return read_number<uint32_t>();
            case ValueType::i32:
                return read_number<int32_t>();
            case ValueType::u64:
                return read_number<uint64_t>();
            case ValueType::i64:
                return read_number<int64_t>();
            case ValueType::f32:
                return read_number<float>();
            case ValueType::f64:
                return read_number<double>();
            case ValueType::boolean:
                return read_bool();
            case ValueType::string:
                return reader_.string(what_);
            case ValueType::array:
                break;
        }
        HEARTH_CHECK(false && "an array is not a scalar");
    }

    // The declared length, compared with what the file has left and with our limits.
    Result<size_t> read_length(ValueType element) {
        HEARTH_TRY(const auto length, reader_.number<uint64_t>(what_));
        const uint64_t fits = reader_.remaining() / traits(element).min_bytes;
        if (length > fits) {
            return reader_.error("{} is {} x {}, the file has room for {} (truncated or damaged?)",
                                 what_, length, traits(element).name, fits);
        }
        if (length > kMaxArrayElements || length > kMaxArrayElementsTotal - n_elements_) {
            return reader_.error("{} has {} elements, at most {} (all arrays: {}) are read", what_,
                                 length, kMaxArrayElements, kMaxArrayElementsTotal);
        }
        n_elements_ += length;
        return static_cast<size_t>(length);
    }

    template <typename T>
    Result<MetadataValue> read_numbers(size_t length) {
        constexpr size_t kChunk = 4096;
        std::vector<StoredElement<T>> values;
        values.reserve(length);
        std::array<T, kChunk> chunk;
        while (values.size() < length) {
            const auto part = std::span(chunk).first(std::min(kChunk, length - values.size()));
            HEARTH_TRY_VOID(reader_.bytes(std::as_writable_bytes(part), what_));
            for (const T value : part) values.push_back(static_cast<StoredElement<T>>(value));
        }
        return MetadataValue(std::move(values));
    }

    // Strings and booleans, one by one.
    template <typename T, typename ReadOne>
    Result<MetadataValue> read_each(size_t length, ReadOne read_one) {
        std::vector<T> values;
        values.reserve(length);
        for (size_t i = 0; i < length; ++i) {
            HEARTH_TRY(T value, read_one());
            values.push_back(std::move(value));
        }
        return MetadataValue(std::move(values));
    }

    Result<MetadataValue> read_array(ValueType element) {
        if (element == ValueType::array) {
            return reader_.error("{} is an array of arrays, which hearth does not read", what_);
        }
        HEARTH_TRY(const size_t length, read_length(element));
        switch (element) {
            case ValueType::u8:
                return read_numbers<uint8_t>(length);
            case ValueType::i8:
                return read_numbers<int8_t>(length);
            case ValueType::u16:
                return read_numbers<uint16_t>(length);
            case ValueType::i16:
                return read_numbers<int16_t>(length);
            case ValueType::u32:
                return read_numbers<uint32_t>(length);
            case ValueType::i32:
                return read_numbers<int32_t>(length);
            case ValueType::u64:
                return read_numbers<uint64_t>(length);
            case ValueType::i64:
                return read_numbers<int64_t>(length);
            case ValueType::f32:
                return read_numbers<float>(length);
            case ValueType::f64:
                return read_numbers<double>(length);
            case ValueType::boolean:
                return read_each<bool>(length, [this] { return read_bool(); });
            case ValueType::string:
                return read_each<std::string>(length, [this] { return reader_.string(what_); });
            case ValueType::array:
                break;
        }
        HEARTH_CHECK(false && "every element type is handled");
    }

    HeaderReader& reader_;
    std::string what_;         // is being read, for messages
    uint64_t n_elements_ = 0;  // of all arrays so far
};

}  // namespace

Result<Metadata> read_metadata(HeaderReader& reader, uint64_t count) {
    return MetadataReader(reader).read(count);
}

}  // namespace hearth
