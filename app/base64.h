// Base64 (RFC 4648): character cards inside PNG files, and what goes to a terminal's clipboard.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hearth {

// White space is skipped and padding may be missing; nullopt for anything else that is not Base64.
std::optional<std::string> base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);

}  // namespace hearth
