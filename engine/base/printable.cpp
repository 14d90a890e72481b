#include "engine/base/printable.h"

#include <fmt/format.h>

#include <iterator>

#include "engine/base/utf8.h"

namespace hearth {

namespace {

constexpr std::string_view kDots = "...";

bool is_visible(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;
    if (c == 0xAD || c == 0x61C || c == 0xFEFF) return false;  // soft hyphen, BOM
    if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E)) return false;  // zero width
    if (c >= 0x2060 && c <= 0x206F) return false;  // joiners, bidi isolates
    return c < 0xE0000 || c > 0xE0FFF;             // tags, variation selectors
}

// Appends what stands for the first code point of `text`; returns the bytes it took from `text`.
size_t append_visible(std::string& out, std::string_view text) {
    const CodePoint point = decode_utf8(text);
    if (point.valid && is_visible(point.value)) {
        out.append(text.substr(0, point.bytes));
        return point.bytes;
    }
    for (const char byte : text.substr(0, point.bytes)) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(byte));
    }
    return point.bytes;
}

}  // namespace

std::string printable(std::string_view untrusted, size_t max_bytes) {
    std::string out;
    size_t cut = 0;  // where the dots would go
    while (!untrusted.empty()) {
        untrusted.remove_prefix(append_visible(out, untrusted));
        if (out.size() > max_bytes) {
            out.resize(cut);
            return out.append(kDots);
        }
        if (out.size() + kDots.size() <= max_bytes) cut = out.size();
    }
    return out;
}

bool is_printable(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = decode_utf8(text);
        if (!point.valid || !is_visible(point.value)) return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

std::string printable_path(std::string_view path, size_t max_bytes) {
    std::string out = printable(path, path.size() * 4 + 8);  // never shortened
    if (out.size() <= max_bytes) return out;
    std::string_view end = out;
    end.remove_prefix(out.size() - (max_bytes - kDots.size()));
    while (!end.empty() && !decode_utf8(end).valid) end.remove_prefix(1);
    return std::string(kDots).append(end);
}

}  // namespace hearth
