#include "engine/text/jinja/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstring>

#include "engine/base/utf8.h"

namespace hearth::jinja {

namespace {

utf8proc_int32_t code(char32_t c) {
    return static_cast<utf8proc_int32_t>(c);
}

bool is_ascii(char32_t c) {
    return c < 0x80;
}

bool begins_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

}  // namespace

bool is_space(char32_t c) {
    if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
    if (c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x3000) return true;
    return (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F;
}

bool is_printable(char32_t c) {
    if (c < 0x7F) return c >= 0x20;
    switch (utf8proc_category(code(c))) {
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_CS:
        case UTF8PROC_CATEGORY_CO:
        case UTF8PROC_CATEGORY_CN:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_ZS:
            return false;
        default:
            return true;
    }
}

// Nearly all text is ASCII, for which the tables are not needed.
char32_t to_lower(char32_t c) {
    if (is_ascii(c)) return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    return static_cast<char32_t>(utf8proc_tolower(code(c)));
}

char32_t to_upper(char32_t c) {
    if (is_ascii(c)) return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
    return static_cast<char32_t>(utf8proc_toupper(code(c)));
}

char32_t to_title(char32_t c) {
    return is_ascii(c) ? to_upper(c) : static_cast<char32_t>(utf8proc_totitle(code(c)));
}

bool is_letter(char32_t c) {
    if (is_ascii(c)) return is_upper(c) || is_lower(c);
    const auto category = utf8proc_category(code(c));
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_digit(char32_t c) {
    if (is_ascii(c)) return c >= '0' && c <= '9';
    return utf8proc_category(code(c)) == UTF8PROC_CATEGORY_ND;
}

bool is_upper(char32_t c) {
    if (is_ascii(c)) return c >= 'A' && c <= 'Z';
    return utf8proc_category(code(c)) == UTF8PROC_CATEGORY_LU;
}

bool is_lower(char32_t c) {
    if (is_ascii(c)) return c >= 'a' && c <= 'z';
    return utf8proc_category(code(c)) == UTF8PROC_CATEGORY_LL;
}

size_t count_characters(std::string_view text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

size_t byte_offset(std::string_view text, size_t index) {
    size_t at = 0;
    for (; at < text.size(); ++at) {
        if (begins_character(text[at]) && index-- == 0) break;
    }
    return at;
}

size_t find_part(std::string_view text, std::string_view part, size_t from) {
    if (from > text.size()) return std::string_view::npos;
    if (part.empty()) return from;
    const void* found = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
    if (found == nullptr) return std::string_view::npos;
    return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

size_t leading_space(std::string_view text) {
    size_t at = 0;
    while (at < text.size()) {
        const CodePoint point = decode_utf8(text.substr(at));
        if (!point.valid || !is_space(point.value)) break;
        at += point.bytes;
    }
    return at;
}

size_t trailing_space(std::string_view text) {
    size_t end = text.size();
    while (end > 0) {
        size_t begin = end - 1;  // the start of the last character: at most 3 bytes of tail
        while (begin > 0 && end - begin < 4 &&
               (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) {
            --begin;
        }
        const CodePoint point = decode_utf8(text.substr(begin, end - begin));
        if (!point.valid || point.bytes != end - begin || !is_space(point.value)) break;
        end = begin;
    }
    return text.size() - end;
}

}  // namespace hearth::jinja
