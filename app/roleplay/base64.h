// Base64 (RFC 4648), as character cards carry their JSON inside PNG files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hearth {

// White space is skipped and padding may be missing; nullopt for anything else that is not Base64.
std::optional<std::string> base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);

}  // namespace hearth
