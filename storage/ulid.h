// ULIDs: 26 characters that name a thing for ever, sorted by the time they were made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace hearth {

inline constexpr size_t kUlidChars = 26;

// 48 bits of milliseconds since 1970, then 80 random bits, in Crockford's base 32 (no I L O U).
// Fails with machine when the kernel has no random bytes.
Result<std::string> make_ulid(int64_t now_ms);

// Whether `text` has the form of one.
bool is_ulid(std::string_view text);

}  // namespace hearth
