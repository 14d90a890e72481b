// Token: a distinct integer, an index into a model's vocabulary.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hearth {

enum class Token : uint32_t {};

inline constexpr size_t to_index(Token token) {
    return static_cast<size_t>(token);
}

}  // namespace hearth
