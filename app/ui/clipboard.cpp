#include "app/ui/clipboard.h"

#include <utility>

#include "app/base64.h"

namespace hearth {
namespace {

constexpr size_t kMaxBase64 = 74'994;  // what xterm and tmux take

}  // namespace

std::optional<std::string> copy_sequence(std::string_view text) {
    std::string encoded = base64_encode(text);
    if (encoded.size() > kMaxBase64) return std::nullopt;
    return "\x1b]52;c;" + std::move(encoded) + "\x07";
}

}  // namespace hearth
