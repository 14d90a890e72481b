#include "tests/fault/header_fields.h"

#include <cstdint>

#include "engine/base/bytes.h"
#include "engine/gguf/value_type.h"

namespace hearth {

namespace {

class Walker {
  public:
    explicit Walker(std::span<const std::byte> file) : file_(file) {}

    HeaderFields walk() {
        at_ = 4;
        field<uint32_t>();
        const auto n_tensors = field<uint64_t>();
        const auto n_keys = field<uint64_t>();
        for (uint64_t i = 0; i < n_keys; ++i) {
            string();
            value(static_cast<ValueType>(field<uint32_t>()));
        }
        for (uint64_t i = 0; i < n_tensors; ++i) {
            string();
            const auto n_dims = field<uint32_t>();
            for (uint32_t d = 0; d < n_dims; ++d) field<uint64_t>();
            field<uint32_t>();
            field<uint64_t>();
        }
        out_.header_bytes = at_;
        return std::move(out_);
    }

  private:
    template <typename T>
    T field() {
        out_.fields.push_back({at_, sizeof(T)});
        const T value = load_unaligned<T>(file_.data() + at_);
        at_ += sizeof(T);
        return value;
    }

    void string() { at_ += static_cast<size_t>(field<uint64_t>()); }

    void value(ValueType type) {
        if (type == ValueType::string) return string();
        if (type == ValueType::array) {
            const auto element = static_cast<ValueType>(field<uint32_t>());
            const auto length = field<uint64_t>();
            for (uint64_t i = 0; i < length; ++i) value(element);
            return;
        }
        out_.fields.push_back({at_, traits(type).min_bytes});
        at_ += traits(type).min_bytes;
    }

    std::span<const std::byte> file_;
    size_t at_ = 0;
    HeaderFields out_;
};

}  // namespace

HeaderFields header_fields(std::span<const std::byte> file) {
    return Walker(file).walk();
}

}  // namespace hearth
