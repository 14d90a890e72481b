#include "engine/base/printable.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Printable, ShowsPlainTextAsItIs) {
    EXPECT_EQ(printable("blk.0.attn_q.weight"), "blk.0.attn_q.weight");
    EXPECT_EQ(printable("caf\xC3\xA9 \xE7\x81\xAB"), "caf\xC3\xA9 \xE7\x81\xAB");
    EXPECT_TRUE(is_printable("caf\xC3\xA9"));
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
    EXPECT_EQ(printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
    EXPECT_EQ(printable("\xC2\x9B"), "\\xc2\\x9b");                    // 8-bit CSI
    EXPECT_EQ(printable("x\xE2\x80\xAEy"), "x\\xe2\\x80\\xaey");       // right-to-left override
    EXPECT_EQ(printable("\xF3\xA0\x81\x81"), "\\xf3\\xa0\\x81\\x81");  // a tag character
    EXPECT_EQ(printable("\xFF\xC3"), "\\xff\\xc3");
    EXPECT_FALSE(is_printable("\x7f"));
    EXPECT_FALSE(is_printable("\xE2\x80\xAE"));
}

TEST(Printable, ShortensWithoutCuttingACharacterOrAnEscape) {
    for (size_t limit = 8; limit < 40; ++limit) {
        for (const std::string& text :
             {std::string(100, 'a'), std::string(100, '\x1b'),
              std::string(
                  "caf\xC3\xA9 "
                  "\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB\xE7\x81"
                  "\xAB"
                  "\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB\xE7\x81\xAB")}) {
            const std::string shown = printable(text, limit);
            EXPECT_LE(shown.size(), limit);
            EXPECT_TRUE(shown.ends_with("..."));
            EXPECT_TRUE(is_printable(shown));
        }
    }
    EXPECT_EQ(printable("exactly8", 8), "exactly8");
}

TEST(Printable, TellsAPathByItsEnd) {
    EXPECT_EQ(printable_path("a/b.gguf"), "a/b.gguf");
    const std::string shown = printable_path(std::string(200, 'd') + "/model.gguf", 30);
    EXPECT_EQ(shown.size(), 30u);
    EXPECT_TRUE(shown.starts_with("...d"));
    EXPECT_TRUE(shown.ends_with("/model.gguf"));
}

}  // namespace
}  // namespace hearth
