#include "app/ui/clipboard.h"

#include <algorithm>
#include <cstdint>

namespace hearth {
namespace {

constexpr size_t kMaxBase64 = 74'994;  // what xterm and tmux take

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.size(); i += 3) {
        uint32_t group = 0;
        for (size_t j = 0; j < 3; ++j) {
            const bool there = i + j < bytes.size();
            group = group << 8 | (there ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        const size_t digits = std::min<size_t>(bytes.size() - i, 3) + 1;
        for (size_t j = 0; j < 4; ++j) {
            text += j < digits ? kDigits[group >> (18 - 6 * j) & 63] : '=';
        }
    }
    return text;
}

}  // namespace

std::optional<std::string> copy_sequence(std::string_view text) {
    std::string encoded = base64(text);
    if (encoded.size() > kMaxBase64) return std::nullopt;
    return "\x1b]52;c;" + std::move(encoded) + "\x07";
}

}  // namespace hearth
