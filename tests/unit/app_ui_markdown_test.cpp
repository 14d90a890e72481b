#include <gtest/gtest.h>

#include <clocale>

#include "app/ui/code_colors.h"
#include "app/ui/markdown.h"
#include "app/ui/message_lines.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

class Markdown : public testing::Test {
  protected:
    static void SetUpTestSuite() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

    static std::string shown(std::string_view text, size_t columns = 40) {
        std::vector<StyledLine> lines;
        append_markdown(text, columns, 0, lines);
        std::string all;
        for (const StyledLine& line : lines) {
            std::string one = plain(line);
            one.erase(one.find_last_not_of(' ') + 1);
            all += one + "\n";
        }
        return all;
    }

    static Style style_of(const StyledLine& line, std::string_view text) {
        for (const Span& span : line) {
            if (span.text.find(text) != std::string::npos) return span.style;
        }
        ADD_FAILURE() << text << " is not in " << plain(line);
        return {};
    }
};

TEST_F(Markdown, ParagraphsAndEmphasis) {
    EXPECT_EQ(shown("one\ntwo\n\nthree"), "one two\n\nthree\n");
    std::vector<StyledLine> lines;
    append_markdown("a **bold** and *slanted* `code`", 40, 0, lines);
    EXPECT_TRUE(style_of(lines[0], "bold").bold);
    EXPECT_TRUE(style_of(lines[0], "slanted").italic);
    EXPECT_EQ(style_of(lines[0], "code").ink, Ink::code);
}

TEST_F(Markdown, Lists) {
    EXPECT_EQ(shown("- one\n- two\n  - inner\n- three"), "• one\n• two\n  • inner\n• three\n");
    EXPECT_EQ(shown("3. c\n4. d"), "3. c\n4. d\n");
    EXPECT_EQ(shown("text:\n\n- one\n- two\n\nafter"), "text:\n\n• one\n• two\n\nafter\n");
    EXPECT_EQ(shown("- a long item that wraps", 12), "• a long\n  item that\n  wraps\n");
}

TEST_F(Markdown, QuotesHeadingsRules) {
    EXPECT_EQ(shown("# Title\n\n> said\n> more\n\nend"), "Title\n\n│ said more\n\nend\n");
}

TEST_F(Markdown, CodeKeepsItsSpaces) {
    EXPECT_EQ(shown("```c\nint  x;\n\n  return;\n```"), "  c\n  int  x;\n\n    return;\n");
    EXPECT_EQ(shown("```\nunclosed"), "  unclosed\n");
}

TEST_F(Markdown, LinksSayWhereTheyLead) {
    EXPECT_EQ(shown("[here](http://x.y/z)"), "here (http://x.y/z)\n");
    EXPECT_EQ(shown("<https://x.y>"), "https://x.y\n");
    EXPECT_EQ(shown("<b>raw</b> &amp; &lt;"), "<b>raw</b> & <\n");
}

TEST_F(Markdown, Tables) {
    EXPECT_EQ(shown("|a|bb|\n|---|---|\n|1|2|\n|333|漢字|"),
              "a    bb\n───  ────\n1    2\n333  漢字\n");
    for (size_t columns = 8; columns < 30; ++columns) {
        std::vector<StyledLine> lines;
        append_markdown("|head one|head two|\n|---|---|\n|some words here|and some more here|",
                        columns, 0, lines);
        for (const StyledLine& line : lines) EXPECT_LE(columns_of(line), columns);
    }
}

// The same whether it came at once or byte by byte.
TEST_F(Markdown, AGrowingAnswerLooksLikeAWholeOne) {
    Message whole;
    whole.role = Role::assistant;
    whole.id = MessageId{7};
    whole.content =
        "Intro *text* here.\n\n## Heading\n\n- one\n\n- two\n\n  more of "
        "two\n\nPara.\n\n```python\n"
        "def f():\n\n    return 1\n```\n\nAfter the code.\n\n1. a\n2. b\n\n| x | y |\n|---|---|\n| "
        "1 | "
        "2 |\n\nThe end.";
    MessageLines growing;
    Message draft = whole;
    draft.state = MessageState::draft;
    for (size_t bytes = 0; bytes <= whole.content.size(); ++bytes) {
        draft.content = whole.content.substr(0, bytes);
        growing.update(draft, {}, 60, Thoughts::folded);
    }
    MessageLines at_once;
    at_once.update(whole, {}, 60, Thoughts::folded);
    ASSERT_EQ(growing.lines().size(), at_once.lines().size());
    for (size_t i = 0; i < at_once.lines().size(); ++i) {
        EXPECT_EQ(plain(growing.lines()[i]), plain(at_once.lines()[i])) << i;
    }
}

TEST_F(Markdown, NothingPassesThatATerminalCouldObey) {
    Message message;
    message.role = Role::assistant;
    message.content = "a\x1b]0;x\x07 [b\u202E](http://c\x9b) `\x1b[2J`\n\n```\x1b[1m\n\x1b[2J\n```";
    MessageLines lines;
    lines.update(message, {}, 60, Thoughts::folded);
    for (const StyledLine& line : lines.lines()) {
        const std::string text = plain(line);
        EXPECT_EQ(text.find_first_of("\x1b\x07"), std::string::npos) << text;
        EXPECT_EQ(text.find("\u202E"), std::string::npos) << text;
    }
}

TEST_F(Markdown, ThoughtsAreFolded) {
    Message message;
    message.role = Role::assistant;
    message.content = "<think>one two three</think>\nThe answer.";
    MessageLines lines;
    lines.update(message, {}, 60, Thoughts::folded);
    EXPECT_NE(plain(lines.lines()[1]).find("thought 3 words"), std::string::npos);
    EXPECT_EQ(plain(lines.lines()[3]), "   The answer.");
    lines.update(message, {}, 60, Thoughts::shown);
    EXPECT_EQ(plain(lines.lines()[2]), "   one two three");
}

TEST(CodeColors, Lexes) {
    CodeColors c("cpp");
    const StyledLine line = c.color("int x = 42; // why \"not\"");
    ASSERT_EQ(line.size(), 5u);
    EXPECT_EQ(line[0], (Span{"int", {Ink::keyword}}));
    EXPECT_EQ(line[2], (Span{"42", {Ink::number}}));
    EXPECT_EQ(line[4], (Span{"// why \"not\"", {Ink::comment}}));
    EXPECT_EQ(c.color("f(\"a \\\" b\");")[1], (Span{"\"a \\\" b\"", {Ink::string}}));
}

TEST(CodeColors, CommentsAndStringsGoOnInTheNextLine) {
    CodeColors c("c");
    c.color("/* begins");
    EXPECT_EQ(c.color("int goes on")[0].style.ink, Ink::comment);
    const StyledLine end = c.color("ends */ int");
    EXPECT_EQ(end.front().style.ink, Ink::comment);
    EXPECT_EQ(end.back().style.ink, Ink::keyword);
    CodeColors python("python");
    python.color("x = \"\"\"text");
    EXPECT_EQ(python.color("def in text")[0].style.ink, Ink::string);
}

TEST(CodeColors, UnknownLanguagesStayPlain) {
    CodeColors colors("befunge");
    EXPECT_EQ(colors.color("int x"), (StyledLine{{"int x", {Ink::code}}}));
}

}  // namespace
}  // namespace hearth
