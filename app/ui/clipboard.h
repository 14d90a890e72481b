// The clipboard of the terminal the person sits at, also over ssh: OSC 52.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hearth {

// The control sequence that copies `text`; nullopt when it is longer than terminals take (about
// 74 KB of base64). Base64 holds no control characters, whatever the text does.
std::optional<std::string> copy_sequence(std::string_view text);

}  // namespace hearth
