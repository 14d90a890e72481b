// The full-screen chat: the real program, against a model of the terminal.
#include <signal.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/pty/chat_fixture.h"
#include "tests/pty/screen_program.h"

namespace hearth {
namespace {

using std::chrono::milliseconds;
using Json = nlohmann::json;

constexpr std::string_view kF1 = "\x1bOP";
constexpr std::string_view kF2 = "\x1bOQ";
constexpr std::string_view kF3 = "\x1bOR";
constexpr std::string_view kF4 = "\x1bOS";
constexpr std::string_view kF5 = "\x1b[15~";
constexpr std::string_view kLeft = "\x1b[D";
constexpr std::string_view kRight = "\x1b[C";
constexpr std::string_view kPageUp = "\x1b[5~";
constexpr std::string_view kEnd = "\x1b[F";
constexpr std::string_view kEscape = "\x1b";
constexpr std::string_view kCtrlC = "\x03";
constexpr std::string_view kCtrlD = "\x04";
constexpr std::string_view kCtrlZ = "\x1a";

class ScreenTest : public ProgramTest {
  protected:
    ScreenProgram open(std::vector<std::string> flags = {}, int rows = 24, int columns = 80,
                       const std::vector<std::string>& variables = {}) const {
        std::vector<std::string> arguments{"-m", model(), "--temp", "0", "--ctx", "16384"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        std::vector<std::string> environment{"HEARTH_HOME=" + home(), "TERM=xterm-256color",
                                             "LANG=C.UTF-8", "PATH=/usr/bin:/bin"};
        environment.insert(environment.end(), variables.begin(), variables.end());
        return ScreenProgram(HEARTH_PROGRAM, arguments, environment, rows, columns);
    }

    Json stored() const {
        const ProcessResult listed = run({"history", "list", "--json"});
        if (listed.out.empty()) return Json::array();
        const Json newest = Json::parse(listed.out.substr(0, listed.out.find('\n')));
        const ProcessResult exported =
            run({"history", "export", newest["uid"].get<std::string>(), "--format", "json"});
        EXPECT_EQ(exported.exit_code, 0) << exported.err;
        return Json::parse(exported.out)["messages"];
    }

    static void say(ScreenProgram& program, const std::string& text) {
        program.send(text);
        program.send("\r");
    }

    static void leave(ScreenProgram& program) {
        program.send(kCtrlD);
        EXPECT_EQ(program.wait_exit(), 0);
        expect_restored(program);
    }

    // The terminal is as it was: screen, cursor, modes.
    static void expect_restored(ScreenProgram& program) {
        EXPECT_FALSE(program.screen().alternate_screen());
        EXPECT_TRUE(program.screen().cursor_visible());
        const std::string& raw = program.program().raw();
        const auto undone = [&](std::string_view on, std::string_view off) {
            const size_t last_on = raw.rfind(on);
            return last_on == std::string::npos || raw.rfind(off) > last_on;
        };
        EXPECT_TRUE(undone("\x1b[?2004h", "\x1b[?2004l"));
        EXPECT_TRUE(undone("\x1b[?2026h", "\x1b[?2026l"));
        EXPECT_TRUE(undone("\x1b[>1u", "\x1b[<u"));
        EXPECT_TRUE(undone("\x1b[>4;1m", "\x1b[>4m"));
    }
};

TEST_F(ScreenTest, FirstLaunchSaysWhatThereIs) {
    ScreenProgram program = open();
    ASSERT_TRUE(program.wait_for("READY")) << program.screen().text();
    EXPECT_TRUE(program.shows("Say something."));
    EXPECT_TRUE(program.shows("F1 help"));
    EXPECT_TRUE(program.screen().alternate_screen());
    leave(program);
}

TEST_F(ScreenTest, FiveTurnsAreThereAfterARestart) {
    {
        ScreenProgram program = open({"-n", "12"});
        ASSERT_TRUE(program.wait_for("READY"));
        for (int turn = 1; turn <= 5; ++turn) {
            say(program, "turn number " + std::to_string(turn));
            ASSERT_TRUE(program.wait_for("turn number " + std::to_string(turn)));
            ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
            program.settle();
        }
        leave(program);
    }
    EXPECT_EQ(stored().size(), 10u);
    ScreenProgram again = open({"-n", "12"});
    ASSERT_TRUE(again.wait_for("turn number 5")) << again.screen().text();
    EXPECT_TRUE(again.wait_for("continuing 1"));
    say(again, "/show");
    EXPECT_TRUE(again.wait_for("turn number 1")) << again.screen().text();
    again.send(kEnd);
    EXPECT_TRUE(again.wait_for("turn number 5"));
    leave(again);
}

TEST_F(ScreenTest, EscStopsAtOnceAndKeepsTheAnswer) {
    ScreenProgram program = open();
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "go on for ever");
    ASSERT_TRUE(program.wait_for("DECODE")) << program.screen().text();
    program.wait_for("STOPPED", milliseconds(300));  // some more of it
    const auto pressed = PtyProgram::Clock::now();
    program.send(kEscape);
    ASSERT_TRUE(program.wait_for("STOPPED")) << program.screen().text();
    EXPECT_LT(PtyProgram::Clock::now() - pressed, milliseconds(1000));
    const std::string kept = stored()[1]["content"];
    EXPECT_GT(kept.size(), 20u);
    say(program, "/continue");
    ASSERT_TRUE(program.wait_for("DECODE"));
    program.send(kCtrlC);
    ASSERT_TRUE(program.wait_for("STOPPED"));
    leave(program);
    const std::string continued = stored()[1]["content"];
    EXPECT_EQ(continued.substr(0, kept.size()), kept);
}

TEST_F(ScreenTest, RegenerateSwipeAndFork) {
    ScreenProgram program = open({"-n", "8", "--temp", "2"});
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "hello");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kF5);
    ASSERT_TRUE(program.wait_for("2/2")) << program.screen().text();
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kLeft);
    ASSERT_TRUE(program.wait_for("1/2")) << program.screen().text();
    program.send(kRight);
    ASSERT_TRUE(program.wait_for("2/2"));
    program.send(kRight);  // past the last one: a new one
    ASSERT_TRUE(program.wait_for("3/3"));
    ASSERT_TRUE(program.wait_for("DONE"));
    program.settle();
    EXPECT_EQ(stored().size(), 4u);
    say(program, "/fork");
    ASSERT_TRUE(program.wait_for("(copy)")) << program.screen().text();
    EXPECT_EQ(stored().size(), 2u);
    leave(program);
}

TEST_F(ScreenTest, AnEditIsABranchBesideTheOldOne) {
    ScreenProgram program = open({"-n", "6"});
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "first words");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.settle();
    program.send("\x1b\x1b");
    ASSERT_TRUE(program.wait_for("saying it differently")) << program.screen().text();
    program.send(" and more\r");
    ASSERT_TRUE(program.wait_for("first words and more"));
    ASSERT_TRUE(program.wait_for("2/2")) << program.screen().text();
    ASSERT_TRUE(program.wait_for("DONE"));
    leave(program);
    const Json messages = stored();
    ASSERT_EQ(messages.size(), 4u);
    EXPECT_EQ(messages[0]["content"], "first words");
    EXPECT_EQ(messages[2]["content"], "first words and more");
    EXPECT_EQ(messages[2]["parent"], messages[0]["parent"]);
}

TEST_F(ScreenTest, EveryPageOfTheDashboard) {
    ScreenProgram program = open({"-n", "8"}, 30, 100);
    ASSERT_TRUE(program.wait_for("READY"));
    EXPECT_TRUE(program.shows("cache hit"));  // the rail
    program.send(kF3);
    ASSERT_TRUE(program.wait_gone("cache hit"));
    say(program, "hello");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kF2);
    ASSERT_TRUE(program.wait_for("where one token goes")) << program.screen().text();
    // Nothing is streamed: no rate is made up.
    EXPECT_EQ(program.screen().text().find("0.0 %  "), std::string::npos);
    const std::vector<std::pair<std::string, std::string>> pages{
        {"2", "neuron"},          {"3", "pipeline of one token"}, {"4", "kernel, in all"},
        {"5", "memory pressure"}, {"6", "decode tok/s"},          {"1", "where one token goes"}};
    for (const auto& [key, title] : pages) {
        program.send(key);
        EXPECT_TRUE(program.wait_for(title)) << key << program.screen().text();
    }
    program.send("q");
    EXPECT_TRUE(program.wait_gone("where one token goes"));
    leave(program);
}

TEST_F(ScreenTest, BoxesOpenFilterAndClose) {
    ScreenProgram program = open({"-n", "4"}, 40, 100);
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "the walrus and the carpenter");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kF1);
    ASSERT_TRUE(program.wait_for("type to filter"));
    program.send("dash");
    EXPECT_TRUE(program.wait_for("/dash [PAGE]"));
    program.send(kEscape);
    ASSERT_TRUE(program.wait_gone("type to filter"));
    say(program, "/search walrus");
    EXPECT_TRUE(program.wait_for("found")) << program.screen().text();
    program.send(kEscape);
    ASSERT_TRUE(program.wait_gone("type to filter"));
    program.send(kF4);
    ASSERT_TRUE(program.wait_for("conversations"));
    program.send("\r");
    EXPECT_TRUE(program.wait_for("continuing")) << program.screen().text();
    program.send("\x10title");  // Ctrl+P
    ASSERT_TRUE(program.wait_for("/title TEXT"));
    program.send("\r");
    ASSERT_TRUE(program.wait_for("❯ /title"));
    program.send("Seaside\r");
    EXPECT_TRUE(program.wait_for("Seaside"));
    leave(program);
}

TEST_F(ScreenTest, AResizeStormLeavesAWholeScreen) {
    ScreenProgram program = open({"-n", "30"});
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "a first line of words to wrap at many widths");
    ASSERT_TRUE(program.wait_for("DONE"));
    for (int i = 0; i < 60; ++i) {
        program.resize(1 + i * 37 % 60, 1 + i * 53 % 200);
        if (i % 3 == 0) program.settle();
    }
    for (const auto& [rows, columns] :
         std::vector<std::pair<int, int>>{{5, 20}, {200, 500}, {3, 12}, {1, 1}, {24, 80}}) {
        program.resize(rows, columns);
        program.settle();
    }
    EXPECT_TRUE(program.wait_for("F1 help")) << program.screen().text();
    EXPECT_TRUE(program.shows("wrap at many widths"));
    EXPECT_TRUE(program.shows("❯"));
    leave(program);
}

TEST_F(ScreenTest, WideCharactersStandWhereTheCaretIs) {
    ScreenProgram program = open({"-n", "4"});
    ASSERT_TRUE(program.wait_for("READY"));
    program.send("日本語 e\xCC\x81 😀 ");
    ASSERT_TRUE(program.wait_for("日本語 e\xCC\x81 😀")) << program.screen().text();
    program.settle();
    EXPECT_EQ(program.screen().cursor_column(), 3 + 6 + 1 + 1 + 1 + 2 + 1);
    program.send("\x1b[D\x1b[D\x1b[D");  // over a blank, the emoji and a blank
    program.settle();
    EXPECT_EQ(program.screen().cursor_column(), 3 + 6 + 1 + 1);
    program.send("\r");
    ASSERT_TRUE(program.wait_for("DONE"));
    leave(program);
    EXPECT_EQ(stored()[0]["content"], "日本語 e\xCC\x81 😀 ");
}

TEST_F(ScreenTest, APasteOfTenThousandLinesIsOneMessage) {
    ScreenProgram program = open();
    ASSERT_TRUE(program.wait_for("READY"));
    std::string text = "/quit";
    for (int i = 0; i < 10'000; ++i) text += "\nline " + std::to_string(i);
    program.send("\x1b[200~" + text + "\x1b[201~");
    ASSERT_TRUE(program.wait_for("[paste 1: 10001 lines]")) << program.screen().text();
    program.send("\r");
    // More than the context holds: it is asked what to do, and nothing is cut.
    ASSERT_TRUE(program.wait_for("What is to be done?")) << program.screen().text();
    program.send(kEscape);
    ASSERT_TRUE(program.wait_gone("What is to be done?"));
    leave(program);
    EXPECT_EQ(stored()[0]["content"], text);
}

TEST_F(ScreenTest, APasteIsNoCommand) {
    ScreenProgram program = open({"-n", "4"});
    ASSERT_TRUE(program.wait_for("READY"));
    program.send("\x1b[200~/quit\rsecond\x1b[201~");
    ASSERT_TRUE(program.wait_for("second"));
    program.send("\r");
    ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
    leave(program);
    EXPECT_EQ(stored()[0]["content"], "/quit\nsecond");
}

TEST_F(ScreenTest, WhatIsSaidDuringAnAnswerIsQueued) {
    ScreenProgram program = open({"-n", "3000"});
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "first");
    ASSERT_TRUE(program.wait_for("DECODE")) << program.screen().text();
    say(program, "second");
    ASSERT_TRUE(program.wait_for("queued: second")) << program.screen().text();
    program.send(kEscape);
    ASSERT_TRUE(program.wait_for("STOPPED"));
    EXPECT_TRUE(program.wait_for("❯ second")) << program.screen().text();
    program.send("\r");
    ASSERT_TRUE(program.wait_for("DECODE"));
    program.send(kEscape);
    ASSERT_TRUE(program.wait_for("STOPPED"));
    leave(program);
    EXPECT_EQ(stored()[2]["content"], "second");
}

TEST_F(ScreenTest, ScrollingStopsFollowing) {
    ScreenProgram program = open({"-n", "3000"});
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "the beginning");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kPageUp);
    ASSERT_TRUE(program.wait_for("lines · End")) << program.screen().text();
    program.send(kEnd);
    EXPECT_TRUE(program.wait_gone("lines · End"));
    leave(program);
}

TEST_F(ScreenTest, EscapeSequencesAreShownNotSent) {
    const std::string evil = "a\x1b]0;owned\x07 b\u202E c\x1b[2Jd";
    std::ofstream(folder_.file("evil.txt")) << evil;
    {
        ScreenProgram program = open({"-n", "3", "--system", evil});
        ASSERT_TRUE(program.wait_for("READY"));
        say(program, "/title " + std::string("t\u202Eitle"));
        say(program, "x");
        ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
        EXPECT_TRUE(program.wait_for("owned")) << program.screen().text();
        leave(program);
        const std::string& raw = program.program().raw();
        EXPECT_EQ(raw.find("\x1b]0;"), std::string::npos);
        EXPECT_EQ(raw.find("\u202E"), std::string::npos);
    }
    ScreenProgram again = open();
    ASSERT_TRUE(again.wait_for("continuing"));
    leave(again);
    EXPECT_EQ(again.program().raw().find("\x1b]0;"), std::string::npos);
    EXPECT_EQ(again.program().raw().find("\u202E"), std::string::npos);
}

TEST_F(ScreenTest, EveryWayOutRestoresTheTerminal) {
    for (const std::string_view way :
         {"ctrl-d", "quit", "ctrl-c twice", "term", "hup", "quit signal", "term while answering"}) {
        ScreenProgram program = open();
        const termios before = program.program().settings();
        ASSERT_TRUE(program.wait_for("READY"));
        if (way == "ctrl-d") program.send(kCtrlD);
        if (way == "quit") say(program, "/quit");
        if (way == "ctrl-c twice") {
            program.send(kCtrlC);
            EXPECT_TRUE(program.wait_for("again leaves"));
            program.send(kCtrlC);
        }
        if (way == "term") program.program().signal(SIGTERM);
        if (way == "hup") program.program().signal(SIGHUP);
        if (way == "quit signal") program.program().signal(SIGQUIT);
        if (way == "term while answering") {
            say(program, "go on for ever");
            EXPECT_TRUE(program.wait_for("DECODE"));
            program.program().signal(SIGTERM);
        }
        EXPECT_TRUE(program.wait_exit()) << way;
        expect_restored(program);
        const termios after = program.program().settings();
        EXPECT_EQ(std::memcmp(&before, &after, sizeof before), 0) << way;
    }
}

TEST_F(ScreenTest, ACrashRestoresTheTerminal) {
    for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP}) {
        ScreenProgram program = open();
        const termios before = program.program().settings();
        ASSERT_TRUE(program.wait_for("READY"));
        program.program().signal(number);
        EXPECT_EQ(program.wait_exit(), 128 + number);
        expect_restored(program);
        const termios after = program.program().settings();
        EXPECT_EQ(std::memcmp(&before, &after, sizeof before), 0) << number;
    }
}

// A shell with job control: nobody else could continue what was stopped.
TEST_F(ScreenTest, SuspendGivesTheTerminalToTheShell) {
    const std::string command = "set -m; " HEARTH_PROGRAM " -n 4 -m " + model() +
                                "; echo STOPPED; read line; fg; echo ENDED";
    ScreenProgram program("/bin/sh", {"-c", command},
                          {"HEARTH_HOME=" + home(), "TERM=xterm-256color", "PATH=/usr/bin:/bin"});
    ASSERT_TRUE(program.wait_for("READY"));
    program.send("draft");
    ASSERT_TRUE(program.wait_for("❯ draft"));
    program.send(kCtrlZ);
    ASSERT_TRUE(program.wait_for("STOPPED")) << program.screen().text();
    EXPECT_FALSE(program.screen().alternate_screen());
    EXPECT_TRUE(program.screen().cursor_visible());
    EXPECT_NE(program.program().settings().c_lflag & ICANON, 0u);
    program.send("\n");
    ASSERT_TRUE(program.wait_for("❯ draft")) << program.screen().text();
    EXPECT_TRUE(program.screen().alternate_screen());
    program.send(kCtrlC);
    program.settle();
    program.send(kCtrlD);
    EXPECT_TRUE(program.wait_for("ENDED")) << program.screen().text();
    expect_restored(program);
}

TEST_F(ScreenTest, TheDraftCanBeWrittenInAnEditor) {
    const std::string editor = folder_.file("editor.sh");
    std::ofstream(editor) << "#!/bin/sh\nsed -i s/plain/edited/ \"$1\"\n";
    std::filesystem::permissions(editor, std::filesystem::perms::owner_all);
    ScreenProgram program = open({}, 24, 80, {"EDITOR=" + editor});
    ASSERT_TRUE(program.wait_for("READY"));
    program.send("a plain draft\x07");
    EXPECT_TRUE(program.wait_for("an edited draft", milliseconds(10)) ||
                program.wait_for("a edited draft"))
        << program.screen().text();
    program.send(kCtrlC);
    program.settle();
    leave(program);
}

TEST_F(ScreenTest, CopyGoesThroughTheTerminal) {
    ScreenProgram program = open({"-n", "4"});
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "foobar");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.settle();
    program.send("\tky");  // to the messages, one up, copy
    ASSERT_TRUE(program.wait_for("copied")) << program.screen().text();
    EXPECT_NE(program.program().raw().find("\x1b]52;c;Zm9vYmFy\x07"), std::string::npos);
    program.send("/fooba\r");
    EXPECT_TRUE(program.wait_for("1 lines")) << program.screen().text();
    program.send(kEscape);
    program.settle();
    program.send(kEscape);
    program.settle();
    leave(program);
}

TEST_F(ScreenTest, NoColorAndAsciiHold) {
    ScreenProgram program = open({"-n", "4", "--glyphs", "ascii"}, 24, 80, {"NO_COLOR=1"});
    ASSERT_TRUE(program.wait_for("READY"));
    say(program, "hello");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kF2);
    ASSERT_TRUE(program.wait_for("where one token goes"));
    program.send("q");
    program.settle();
    leave(program);
    const std::string& raw = program.program().raw();
    const size_t end = raw.find("\x1b[?1049l");  // the last answer behind it is the model's own
    for (const char c : raw.substr(0, end)) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
    for (const std::string_view color : {"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m", "38;5"}) {
        EXPECT_EQ(raw.find(color), std::string::npos) << color.substr(1);
    }
}

TEST_F(ScreenTest, APlainTerminalWithoutColorsWorks) {
    ScreenProgram program = [&] {
        return ScreenProgram(HEARTH_PROGRAM, {"-m", model(), "-n", "4"},
                             {"HEARTH_HOME=" + home(), "TERM=vt100", "LANG=C.UTF-8"});
    }();
    ASSERT_TRUE(program.wait_for("READY")) << program.screen().text();
    say(program, "hello");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kCtrlD);
    EXPECT_EQ(program.wait_exit(), 0);
}

}  // namespace
}  // namespace hearth
