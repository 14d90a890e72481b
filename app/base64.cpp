#include "app/base64.h"

#include <cstdint>

namespace hearth {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    uint32_t held = 0;
    unsigned bits = 0;
    bool padded = false;
    for (const char c : text) {
        if (kBlank.find(c) != std::string_view::npos) continue;
        if (c == '=') {
            padded = true;
            continue;
        }
        const size_t value = kDigits.find(c);
        if (value == std::string_view::npos || padded) return std::nullopt;
        held = held << 6 | static_cast<uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 0xFF);
    }
    if (bits >= 6) return std::nullopt;  // a digit of its own is no byte
    return bytes;
}

std::string base64_encode(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.size(); i += 3) {
        uint32_t held = 0;
        for (size_t k = 0; k < 3; ++k) {
            held =
                held << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        }
        for (size_t k = 0; k < 4; ++k) {
            text += i + k <= bytes.size() ? kDigits[held >> (18 - 6 * k) & 63] : '=';
        }
    }
    return text;
}

}  // namespace hearth
