// The escape corpus goes through the real program: answers, messages, titles, names, pastes.
// Nothing of it reaches the terminal but as text (reliability.md T3).
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/pty/chat_fixture.h"
#include "tests/pty/screen_program.h"
#include "tests/support/escape_corpus.h"

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

// The sequences of `raw` that a full screen has no business with; "" = none.
std::string foreign_sequences(std::string_view raw) {
    const std::vector<std::string_view> modes{"?1049", "?2004",  "?2026", "?25",   "?12", "?1",
                                              "?7",    "?12;25", "?1000", "?1006", "4"};
    std::string foreign;
    for (size_t at = 0; at < raw.size(); ++at) {
        const auto byte = static_cast<unsigned char>(raw[at]);
        if (byte == 0x07 || byte == 0x7F) foreign += " control";
        if (byte == 0xC2 && at + 1 < raw.size()) {
            const auto next = static_cast<unsigned char>(raw[at + 1]);
            if (next >= 0x80 && next <= 0x9F) foreign += " C1";
        }
        if (byte != 0x1B) continue;
        const std::string_view rest = raw.substr(at + 1, 24);
        if (rest.starts_with("(B") || rest.starts_with("=") || rest.starts_with(">")) continue;
        if (!rest.starts_with("[")) {
            foreign += " ESC " + std::string(rest.substr(0, 8));
            continue;
        }
        const size_t end = rest.find_first_not_of("0123456789;?<>=", 1);
        const std::string_view parameters = rest.substr(1, end - 1);
        const char last = end == std::string_view::npos ? '?' : rest[end];
        const bool is_mode = last == 'h' || last == 'l';
        const bool known_mode = std::find(modes.begin(), modes.end(), parameters) != modes.end();
        const bool keyboard = last == 'u' && (parameters == ">1" || parameters == "<");
        const bool keys = last == 'm' && (!parameters.starts_with('>') || parameters == ">4;1" ||
                                          parameters == ">4");
        const bool window = last == 't' && (parameters == "22;0;0" || parameters == "23;0;0");
        const bool drawing =
            std::string_view("ABCDGHJKLMPSTX@bdr").find(last) != std::string_view::npos;
        if ((is_mode && known_mode) || keyboard || keys || window || drawing) continue;
        foreign += " CSI " + std::string(rest.substr(1, 12));
    }
    return foreign;
}

class EscapeProgramTest : public ProgramTest {
  protected:
    ScreenProgram open(const std::string& path, std::vector<std::string> flags = {}) const {
        std::vector<std::string> arguments{"-m", path, "--temp", "0", "-n", "4"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        return ScreenProgram(HEARTH_PROGRAM, arguments,
                             {"HEARTH_HOME=" + home(), "TERM=xterm-256color", "LANG=C.UTF-8"}, 50,
                             160);
    }

    static void expect_untouched(ScreenProgram& program) {
        EXPECT_EQ(foreign_sequences(program.program().raw()), "");
        EXPECT_FALSE(program.screen().alternate_screen());
        EXPECT_TRUE(program.screen().cursor_visible());
    }

    // As archives write what may not be UTF-8.
    static Json hex(const std::string& text) {
        std::string digits;
        for (const char c : text) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
        return {{"hex", digits}};
    }

    // One conversation whose messages are the corpus, whole and in fences, and so is its title.
    void import_corpus() const {
        Json messages = Json::array();
        std::string title;
        const auto add = [&](const char* role, const std::string& text) {
            const size_t id = messages.size() + 1;
            messages.push_back({{"id", id},
                                {"parent", id == 1 ? Json() : Json(id - 1)},
                                {"role", role},
                                {"state", "done"},
                                {"content", hex(text)},
                                {"stop_reason", ""},
                                {"model", hex(role == std::string("user") ? "" : text)},
                                {"created_ms", 1}});
        };
        for (const std::string& text : escape_corpus()) {
            add("user", "say " + text);
            add("assistant", "**" + text + "**\n\n```c\n" + text + "\n```");
            if (title.size() < 200) title += text;
        }
        const Json conversation{{"uid", "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
                                {"title", hex(title)},
                                {"model", "tiny"},
                                {"created_ms", 1},
                                {"updated_ms", 2},
                                {"leaf", messages.size()},
                                {"setup", ""},
                                {"tags", Json::array()},
                                {"messages", messages}};
        const std::string path = folder_.file("corpus.hearth");
        std::ofstream(path) << Json{{"hearth_archive", 1}}.dump() << "\n"
                            << Json{{"conversation", conversation}}.dump() << "\n";
        const ProcessResult imported = run({"history", "import", path});
        ASSERT_EQ(imported.exit_code, 0) << imported.err;
    }
};

TEST_F(EscapeProgramTest, WhatIsStoredIsShownAsText) {
    import_corpus();
    ScreenProgram program = open(model());
    ASSERT_TRUE(program.wait_for("continuing")) << program.screen().text();
    program.send("/show\r");
    program.settle();
    for (int page = 0; page < 400 && !program.shows("a<U+E0041>b"); ++page) {  // the last of them
        program.send("\x1b[6~");                                               // page down
        program.wait_for("a<U+E0041>b", std::chrono::milliseconds(15));
    }
    EXPECT_TRUE(program.shows("a<U+E0041>b")) << program.screen().text();
    program.send("\x1bOS");  // F4: title and preview in a list
    ASSERT_TRUE(program.wait_for("type to filter"));
    program.send("\x1b");
    ASSERT_TRUE(program.wait_gone("type to filter"));
    program.send("\x04");
    EXPECT_EQ(program.wait_exit(), 0);
    expect_untouched(program);
}

TEST_F(EscapeProgramTest, WhatIsPastedIsShownAsText) {
    ScreenProgram program = open(model());
    ASSERT_TRUE(program.wait_for("READY"));
    for (const std::string& text : escape_corpus()) {
        if (text.find("201~") != std::string::npos) continue;  // that ends a paste
        program.send("\x1b[200~" + text + "\x1b[201~");
        program.send("\x01\x0b");  // Ctrl+A Ctrl+K: away with it
    }
    program.settle();
    program.send("\x1b[200~last \x1b]0;owned\x07 one\x1b[201~");
    ASSERT_TRUE(program.wait_for("last ")) << program.screen().text();
    program.send("\r");
    ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
    program.send("\x04");
    EXPECT_EQ(program.wait_exit(), 0);
    expect_untouched(program);
}

TEST_F(EscapeProgramTest, NamesOfFilesAreShownAsText) {
    const std::string name = folder_.file("odd\x1b]0;owned\x07\xE2\x80\xAE.gguf");
    std::filesystem::copy_file(model(), name);
    ScreenProgram program = open(name);
    ASSERT_TRUE(program.wait_for("READY")) << program.screen().text();
    program.send("\x1b[18~");  // F7
    ASSERT_TRUE(program.wait_for("owned")) << program.screen().text();
    program.send("\x1b");
    ASSERT_TRUE(program.wait_gone("type to filter"));
    program.send("/read " + folder_.file("no\x1b[2Jsuch") + "\r");
    program.settle();
    program.send(
        "/title \xC2\x9B"
        "31mred\r");
    program.settle();
    program.send("\x04");
    program.settle();
    program.send("\x03\x03");
    program.wait_exit();
    expect_untouched(program);
}

}  // namespace
}  // namespace hearth
