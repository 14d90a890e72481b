#include <gtest/gtest.h>

#include <random>

#include "app/ui/safe_text.h"
#include "engine/base/utf8.h"

namespace hearth {
namespace {

// What must never reach a terminal from somebody else's text.
bool is_forbidden(char32_t c) {
    if (c < 0x20) return c != '\n' && c != '\t';
    return (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x206F) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

void expect_safe(const std::string& text) {
    std::string_view rest = text;
    while (!rest.empty()) {
        const CodePoint point = decode_utf8(rest);
        ASSERT_TRUE(point.valid);
        ASSERT_FALSE(is_forbidden(point.value)) << static_cast<uint32_t>(point.value);
        rest.remove_prefix(point.bytes);
    }
}

TEST(SafeText, LeavesOrdinaryTextAlone) {
    const std::string text = "Grüße, 世界! \tline\nline 👩‍👩‍👧 e\u0301 ❤️";
    EXPECT_EQ(safe_text(text).str(), text);
}

TEST(SafeText, ShowsControlsAsPictures) {
    EXPECT_EQ(safe_text("\x1b]52;c;aGk=\a").str(), "␛]52;c;aGk=␇");
    EXPECT_EQ(safe_text("a\rb\x7f").str(), "a␍b␡");
    EXPECT_EQ(safe_text(std::string_view("\0", 1)).str(), "␀");
}

TEST(SafeText, ShowsWhatReordersOrHides) {
    EXPECT_EQ(safe_text("a\u202Eb").str(), "a<U+202E>b");
    EXPECT_EQ(safe_text("\u009B31m").str(), "<U+009B>31m");
    EXPECT_EQ(safe_text("\U000E0041").str(), "<U+E0041>");
}

TEST(SafeText, ReplacesBrokenUtf8) {
    EXPECT_EQ(safe_text("a\xC3").str(), "a\uFFFD");
    EXPECT_EQ(safe_text("\x9B"
                        "31m")
                  .str(),
              "\uFFFD31m");  // a raw C1 byte is no UTF-8
}

TEST(SafeText, LineShowsLineEndsToo) {
    EXPECT_EQ(safe_line("a\nb\tc").str(), "a␊b␉c");
}

TEST(SafeText, EveryCodePointIsSafe) {
    for (char32_t c = 0; c <= 0xE0FFF; ++c) {
        std::string text;
        append_utf8(text, c);
        expect_safe(safe_text(text).str());
    }
}

TEST(SafeText, AnyBytesAreSafeAndPiecesJoin) {
    std::mt19937 random(7);
    constexpr std::string_view kSpice = "\x1b[]\x07\x9b\xe2\x80\xae\xf3\xa0\x81\x81 a\n\r\x7f;m";
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes;
        for (size_t n = random() % 24; n > 0; --n) {
            bytes += random() % 2 == 0 ? kSpice[random() % kSpice.size()]
                                       : static_cast<char>(random() % 256);
        }
        const std::string safe = safe_text(bytes).str();
        expect_safe(safe);
        const std::string valid = to_valid_utf8(bytes);
        std::string joined;
        for (std::string_view rest = valid; !rest.empty();) {
            const size_t n = decode_utf8(rest).bytes;
            joined += safe_text(rest.substr(0, n)).str();
            rest.remove_prefix(n);
        }
        EXPECT_EQ(joined, safe);
    }
}

}  // namespace
}  // namespace hearth
