#include "engine/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace hearth {
namespace {

// An independent statement of Unicode table 3-7: is this exact byte string one character?
bool reference_valid(const std::string& s) {
    const auto b = [&s](size_t i) { return static_cast<unsigned char>(s[i]); };
    const auto tail = [&b](size_t i) { return (b(i) & 0xC0) == 0x80; };
    if (s.size() == 1) return b(0) < 0x80;
    if (s.size() == 2) return b(0) >= 0xC2 && b(0) <= 0xDF && tail(1);
    if (s.size() == 3) {
        if ((b(0) & 0xF0) != 0xE0 || !tail(1) || !tail(2)) return false;
        const unsigned value = (b(0) & 0xFu) << 12 | (b(1) & 0x3Fu) << 6 | (b(2) & 0x3Fu);
        return value >= 0x800 && (value < 0xD800 || value > 0xDFFF);
    }
    return false;
}

TEST(Utf8, EveryStringOfUpToThreeBytesIsJudgedAsTheStandardDoes) {
    std::string s;
    for (unsigned value = 0; value < 1u << 24; value += (value < 1u << 16 ? 1 : 17)) {
        s.clear();
        s.push_back(static_cast<char>(value & 0xFF));
        if (value > 0xFF) s.push_back(static_cast<char>(value >> 8 & 0xFF));
        if (value > 0xFFFF) s.push_back(static_cast<char>(value >> 16));
        const CodePoint point = decode_utf8(s);
        ASSERT_GE(point.bytes, 1u);
        ASSERT_EQ(point.valid && point.bytes == s.size(), reference_valid(s)) << value;
    }
}

TEST(Utf8, EncodingRoundTrips) {
    for (char32_t c = 0; c <= 0x10FFFF; c += 7) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        std::string s;
        append_utf8(s, c);
        const CodePoint point = decode_utf8(s);
        ASSERT_TRUE(point.valid);
        ASSERT_EQ(point.value, c);
        ASSERT_EQ(point.bytes, s.size());
    }
}

TEST(Utf8Assembler, SplittingAnywhereGivesTheSameText) {
    const std::string bytes = "a\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80\xFF\xE6\xBCz\xF0\x9F\x98";
    const std::string whole = to_valid_utf8(bytes);
    EXPECT_TRUE(is_valid_utf8(whole));
    for (size_t i = 0; i <= bytes.size(); ++i) {
        for (size_t j = i; j <= bytes.size(); ++j) {
            Utf8Assembler assembler;
            std::string text = assembler.feed(bytes.substr(0, i));
            EXPECT_TRUE(is_valid_utf8(text));
            text += assembler.feed(bytes.substr(i, j - i));
            text += assembler.feed(bytes.substr(j));
            text += assembler.finish();
            ASSERT_EQ(text, whole) << i << " " << j;
        }
    }
}

}  // namespace
}  // namespace hearth
