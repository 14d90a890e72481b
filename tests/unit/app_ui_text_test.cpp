#include <gtest/gtest.h>

#include <clocale>

#include "app/ui/canvas.h"
#include "app/ui/clipboard.h"
#include "app/ui/glyph.h"
#include "app/ui/safe_text.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

class UiText : public testing::Test {
  protected:
    static void SetUpTestSuite() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

    static std::vector<std::string> wrapped(const std::string& text, size_t columns) {
        std::vector<std::string> lines;
        for (const StyledLine& line : wrap({{text, {}}}, columns)) lines.push_back(plain(line));
        return lines;
    }
};
using Lines = std::vector<std::string>;

TEST_F(UiText, WidthsOfClusters) {
    EXPECT_EQ(columns_of("abc"), 3u);
    EXPECT_EQ(columns_of("漢字"), 4u);
    EXPECT_EQ(columns_of("e\u0301"), 1u);
    EXPECT_EQ(columns_of("😀"), 2u);
    EXPECT_EQ(columns_of("👩\u200D👩\u200D👧"), 2u);  // drawn as its first member
    EXPECT_EQ(columns_of("❤\uFE0F"), 1u);
    EXPECT_EQ(columns_of("🇩🇪"), 2u);
    EXPECT_EQ(columns_of("\u0301"), 1u);  // on a space of its own
    EXPECT_EQ(columns_of("\xFF"), 1u);
}

TEST_F(UiText, GlyphsAreHarmless) {
    for (const std::string_view text : {"\x1b", "\n", "\x07", "\x7f", "\xC2\x9B", "\xFF"}) {
        EXPECT_EQ(first_cluster(text).glyph.base, U'\uFFFD');
    }
}

TEST_F(UiText, FitCutsAtClusters) {
    EXPECT_EQ(fit("hello", 5), "hello");
    EXPECT_EQ(fit("hello", 4), "hel…");
    EXPECT_EQ(fit("漢字漢字", 5), "漢字…");
    EXPECT_EQ(fit("漢字漢字", 4, false), "漢字");
    EXPECT_EQ(fit("abc", 0), "");
}

TEST_F(UiText, WrapsAtWords) {
    EXPECT_EQ(wrapped("the quick brown fox", 10), (Lines{"the quick", "brown fox"}));
    EXPECT_EQ(wrapped("unbreakable", 4), (Lines{"unbr", "eaka", "ble"}));
    EXPECT_EQ(wrapped("a well-known one", 8), (Lines{"a well-", "known", "one"}));
    EXPECT_EQ(wrapped("漢字漢字漢", 4), (Lines{"漢字", "漢字", "漢"}));
    EXPECT_EQ(wrapped("", 4), (Lines{""}));
    EXPECT_EQ(wrapped("a\tb", 20), (Lines{"a    b"}));
}

// Whatever the width: nothing but spaces is lost, and no line is too long.
TEST_F(UiText, WrapLosesNothing) {
    const std::string text =
        "Ein längerer Satz, 日本語の文 mit e\u0301 und 😀😀 and a-very-long-wordindeed.";
    const auto letters = [](std::string s) {
        std::erase(s, ' ');
        return s;
    };
    for (size_t columns = 2; columns <= 70; ++columns) {  // in one a wide glyph has no room
        std::string all;
        for (const std::string& line : wrapped(text, columns)) {
            EXPECT_LE(columns_of(line), columns);
            all += line;
        }
        EXPECT_EQ(letters(all), letters(text)) << columns;
    }
}

TEST_F(UiText, WrapIndents) {
    const auto lines = wrap({{"one two three", {}}}, 9, {{{"• ", {}}}, {{"  ", {}}}});
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(plain(lines[0]), "• one two");
    EXPECT_EQ(plain(lines[1]), "  three");
}

TEST_F(UiText, CanvasCutsAndKeepsWideGlyphsWhole) {
    Canvas canvas({2, 5});
    canvas.put(0, 0, "漢字漢", {});
    EXPECT_EQ(canvas.text(0), "漢字");  // the third does not fit
    canvas.put(0, 1, "x", {});
    EXPECT_EQ(canvas.text(0), " x字");
    canvas.put(7, 0, "outside", {});
    canvas.put(1, 9, "outside", {});
    EXPECT_EQ(canvas.text(1), "");
}

TEST_F(UiText, CopyIsBase64) {
    EXPECT_EQ(copy_sequence("f"), "\x1b]52;c;Zg==\x07");
    EXPECT_EQ(copy_sequence("foobar"), "\x1b]52;c;Zm9vYmFy\x07");
    EXPECT_FALSE(copy_sequence(std::string(100'000, 'x')));
}

}  // namespace
}  // namespace hearth
