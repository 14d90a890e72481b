// RawGguf: GGUF bytes put together value by value, so that any of them can be wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/gguf/value_type.h"

namespace hearth {

class RawGguf {
  public:
    // Magic, version and the two counts.
    RawGguf(uint64_t n_tensors, uint64_t n_keys, std::string_view magic = "GGUF",
            uint32_t version = 3) {
        text_.append(magic);
        number(version).number(n_tensors).number(n_keys);
    }

    template <typename T>
    RawGguf& number(T value) {
        text_.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    // A length, true or not, and the bytes.
    RawGguf& string(std::string_view bytes, uint64_t claimed_length) {
        number(claimed_length);
        text_.append(bytes);
        return *this;
    }
    RawGguf& string(std::string_view bytes) { return string(bytes, bytes.size()); }

    // The key and the type of a value; the value is appended next.
    RawGguf& key(std::string_view name, ValueType type) { return string(name).number(type); }
    RawGguf& key(std::string_view name, uint32_t value) {
        return key(name, ValueType::u32).number(value);
    }
    RawGguf& array(std::string_view name, ValueType element, uint64_t length) {
        return key(name, ValueType::array).number(element).number(length);
    }

    RawGguf& tensor(std::string_view name, std::vector<uint64_t> dims, uint32_t dtype,
                    uint64_t offset) {
        string(name).number(static_cast<uint32_t>(dims.size()));
        for (const uint64_t dim : dims) number(dim);
        return number(dtype).number(offset);
    }

    RawGguf& pad(size_t alignment = 32) {
        while (text_.size() % alignment != 0) text_.push_back('\0');
        return *this;
    }
    RawGguf& zeros(size_t n) {
        text_.append(n, '\0');
        return *this;
    }

    std::vector<std::byte> bytes() const {
        const auto all = std::as_bytes(std::span(text_));
        return {all.begin(), all.end()};
    }

  private:
    std::string text_;
};

}  // namespace hearth
