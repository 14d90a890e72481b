#include "engine/base/utf8.h"

namespace hearth {

namespace {

struct Lead {
    size_t length;      // of the whole sequence; 0 = not a lead byte
    unsigned char low;  // bounds of the second byte (table 3-7 excludes overlongs, surrogates)
    unsigned char high;
};

Lead classify(unsigned char byte) {
    if (byte < 0x80) return {1, 0, 0};
    if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

// The number of bytes at the start of `text` that are a valid prefix of one character.
size_t valid_prefix(std::string_view text, const Lead& lead) {
    size_t n = 1;
    while (n < lead.length && n < text.size()) {
        const auto byte = static_cast<unsigned char>(text[n]);
        const unsigned char low = n == 1 ? lead.low : 0x80;
        const unsigned char high = n == 1 ? lead.high : 0xBF;
        if (byte < low || byte > high) break;
        ++n;
    }
    return n;
}

}  // namespace

CodePoint decode_utf8(std::string_view text) {
    if (text.empty()) return {};
    const auto first = static_cast<unsigned char>(text[0]);
    const Lead lead = classify(first);
    if (lead.length == 1) return {first, 1, true};
    if (lead.length == 0) return {kReplacement, 1, false};
    const size_t n = valid_prefix(text, lead);
    if (n < lead.length) return {kReplacement, n, false};
    char32_t value = first & (0xFFu >> (lead.length + 1));
    for (size_t i = 1; i < n; ++i) {
        value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    }
    return {value, n, true};
}

void append_utf8(std::string& out, char32_t value) {
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) value = kReplacement;
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (value < 0x80) {
        put(value);
    } else if (value < 0x800) {
        put(0xC0 | (value >> 6));
        put(0x80 | (value & 0x3F));
    } else if (value < 0x10000) {
        put(0xE0 | (value >> 12));
        put(0x80 | ((value >> 6) & 0x3F));
        put(0x80 | (value & 0x3F));
    } else {
        put(0xF0 | (value >> 18));
        put(0x80 | ((value >> 12) & 0x3F));
        put(0x80 | ((value >> 6) & 0x3F));
        put(0x80 | (value & 0x3F));
    }
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = decode_utf8(text);
        if (!point.valid) return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

std::string to_valid_utf8(std::string_view text) {
    Utf8Assembler assembler;
    std::string out = assembler.feed(text);
    out += assembler.finish();
    return out;
}

std::string Utf8Assembler::feed(std::string_view bytes) {
    std::string text = std::move(held_);
    held_.clear();
    text += bytes;
    std::string out;
    out.reserve(text.size());
    std::string_view rest = text;
    while (!rest.empty()) {
        const CodePoint point = decode_utf8(rest);
        if (!point.valid && point.bytes == rest.size() &&
            classify(static_cast<unsigned char>(rest[0])).length > point.bytes) {
            held_ = rest;  // a good start that the next piece may complete
            break;
        }
        if (point.valid) {
            out.append(rest.substr(0, point.bytes));
        } else {
            append_utf8(out, kReplacement);
        }
        rest.remove_prefix(point.bytes);
    }
    return out;
}

std::string Utf8Assembler::finish() {
    std::string out;
    if (!held_.empty()) append_utf8(out, kReplacement);
    held_.clear();
    return out;
}

}  // namespace hearth
