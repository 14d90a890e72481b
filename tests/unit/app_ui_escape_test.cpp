// Texts that others wrote reach no cell of the screen as anything but text (reliability.md T3).
#include <gtest/gtest.h>

#include <clocale>

#include "app/ui/canvas.h"
#include "app/ui/list_box.h"
#include "app/ui/message_lines.h"
#include "app/ui/safe_text.h"
#include "app/ui/status_line.h"
#include "app/ui/text_page.h"
#include "tests/support/escape_corpus.h"

namespace hearth {
namespace {

class EscapeTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

    static bool is_obeyed(char32_t c) {
        return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
               (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x206F) ||
               (c >= 0xE0000 && c <= 0xE007F);
    }

    static void expect_quiet(const Canvas& canvas, const std::string& text) {
        for (size_t row = 0; row < canvas.size().rows; ++row) {
            for (const Cell& cell : canvas.row(row)) {
                ASSERT_FALSE(is_obeyed(cell.glyph.base)) << safe_line(text).str();
                for (const char32_t mark : cell.glyph.marks) {
                    ASSERT_TRUE(mark == 0 || !is_obeyed(mark)) << safe_line(text).str();
                }
            }
        }
    }

    static void show(MessageLines& lines, const Message& message, Canvas& canvas) {
        lines.update(message, {}, canvas.size().columns, Thoughts::shown);
        canvas.clear();
        for (size_t i = 0; i < std::min(lines.lines().size(), canvas.size().rows); ++i) {
            canvas.put(i, 0, lines.lines()[i]);
        }
    }
};

TEST_F(EscapeTest, TheCorpusIsLarge) {
    EXPECT_GE(escape_corpus().size(), 500u);
}

// An answer that grows by one byte at a time: every split, and in the end the whole.
TEST_F(EscapeTest, AnswersSplitAtEveryByte) {
    for (const std::string& text : escape_corpus()) {
        for (const Role role : {Role::assistant, Role::user}) {
            MessageLines lines;
            Canvas canvas({8, 60});
            Message message;
            message.id = MessageId{1};
            message.role = role;
            message.state = role == Role::assistant ? MessageState::draft : MessageState::done;
            message.model = text;
            for (const char c : "# `" + text + "`\n\n```" + text + "\n" + text) {
                message.content += c;
                show(lines, message, canvas);
                expect_quiet(canvas, message.content);
            }
        }
    }
}

TEST_F(EscapeTest, NamesTitlesAndPages) {
    for (const std::string& text : escape_corpus()) {
        Canvas canvas({12, 60});
        ListBox list(safe_line(text).str(), {{text, text, {}, ""}});
        list.draw(canvas, {0, 0, 5, 60});
        TextPage page(safe_line(text).str(), text);
        page.draw(canvas, {5, 0, 6, 60});
        canvas.put(11, 0, header_line({}, text, text, 60));
        expect_quiet(canvas, text);
        Canvas question({12, 60});
        ListBox asked(safe_line(text).str(), Question{text}, {{text, text, {}, ""}});
        asked.draw(question, {0, 0, 12, 60});
        expect_quiet(question, text);
    }
}

}  // namespace
}  // namespace hearth
