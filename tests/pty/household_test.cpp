// hearth char, config, doctor, completions and run with files, as a new user would try them.
#include <fstream>

#include "tests/pty/chat_fixture.h"

namespace hearth {
namespace {

constexpr std::string_view kCard = R"({"spec":"chara_card_v2","spec_version":"2.0","data":{
  "name":"Mira","description":"A keeper of lights.","first_mes":"Come in, {{user}}!",
  "alternate_greetings":["Who is there?"],"tags":["\u001b]0;owned\u0007"]}})";

class HouseholdTest : public ProgramTest {
  protected:
    ProcessResult ok(const std::vector<std::string>& arguments) {
        ProcessResult result = run(arguments);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return result;
    }
    void refused(const std::vector<std::string>& arguments, int code, std::string_view words) {
        const ProcessResult result = run(arguments);
        EXPECT_EQ(result.exit_code, code) << result.err;
        EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
    std::string put(const std::string& name, std::string_view text) const {
        std::ofstream(folder_.file(name), std::ios::binary) << text;
        return folder_.file(name);
    }
};

TEST_F(HouseholdTest, ACharacterIsImportedPlayedAndKept) {
    const std::string file = put("mira.json", kCard);
    EXPECT_NE(ok({"char", "import", file}).err.find("imported Mira (version 2, 2 greetings"),
              std::string::npos);
    EXPECT_NE(ok({"char", "list"}).out.find("Mira"), std::string::npos);
    EXPECT_NE(ok({"char", "show", "mira"}).out.find("A keeper of lights."), std::string::npos);
    EXPECT_EQ(ok({"char", "export", "Mira"}).out, std::string(kCard) + "\n");
    EXPECT_EQ(ok({"char", "lint", file}).out, "nothing to say against it\n");
    refused({"char", "show", "nobody"}, 1, "does not exist");
    refused({"char", "import", put("bad.json", "{}")}, 2, "'name' is empty");
    {
        PtyProgram program = chat({"-n", "5", "--char", "Mira"});
        ASSERT_TRUE(program.wait_for("a new conversation with Mira; 2 greetings"))
            << program.text();
        ASSERT_TRUE(program.wait_for("Come in, You!")) << program.text();
        ASSERT_TRUE(program.wait_for("\n> "));
        program.send("/swipe +\r");
        ASSERT_TRUE(program.wait_for("Who is there?")) << program.text();
        ASSERT_TRUE(program.wait_for("\n> "));
        program.send("hello\r");
        ASSERT_TRUE(program.wait_for("prefill")) << program.text();
        ASSERT_TRUE(program.wait_for("\n> "));
        program.send("/note be brief\r");
        ASSERT_TRUE(program.wait_for("author's note: be brief")) << program.text();
        program.send("\x04");
        EXPECT_EQ(program.wait_exit(), 0);
    }
    ok({"char", "delete", "Mira"});
    const std::string exported = ok({"history", "export", "1", "--format", "json"}).out;
    EXPECT_NE(exported.find("A keeper of lights."), std::string::npos);  // its card stays with it
    EXPECT_NE(exported.find("be brief"), std::string::npos);
}

TEST_F(HouseholdTest, SettingsSayWhereTheyComeFrom) {
    const std::string path = ok({"config", "path"}).out;
    EXPECT_EQ(path, home() + "/config.toml\n");
    refused({"config", "check"}, 1, "is not there");
    ASSERT_EQ(run({"history", "list"}).exit_code, 0);
    std::filesystem::create_directories(home());
    std::ofstream(home() + "/config.toml") << "[sampling]\ntemp = 0.25\ntempp = 1\n";
    const std::string shown = ok({"config", "show", "--origin"}).out;
    EXPECT_NE(shown.find("0.25"), std::string::npos);
    EXPECT_NE(shown.find("config.toml: sampling.temp, line 2"), std::string::npos) << shown;
    EXPECT_NE(shown.find("built in"), std::string::npos);
    EXPECT_NE(ok({"config", "check"}).out.find("did you mean sampling.temp?"), std::string::npos);
    std::ofstream(home() + "/config.toml") << "[sampling]\ntemp = 99\n";
    refused({"config", "check"}, 2, "temp");
}

// Somebody else's folder may say what to talk with, not what this machine gives.
TEST_F(HouseholdTest, AProjectMaySetOnlyWhatIsHarmless) {
    put(".hearth.toml",
        "[chat]\nsystem = \"be odd\"\n[sampling]\ntemp = 0.5\n[engine]\nthreads = 1\n");
    const ProcessResult shown = run_process(
        "/bin/sh",
        {"-c", "cd " + folder_.path() + " && exec " HEARTH_PROGRAM " config show --origin"},
        environment(), "");
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_NE(shown.out.find("be odd"), std::string::npos);
    EXPECT_NE(shown.err.find("engine.threads, line 6: not for a project to set"), std::string::npos)
        << shown.err;
    EXPECT_NE(shown.out.find("engine.threads               auto"), std::string::npos) << shown.out;
}

TEST_F(HouseholdTest, TheDoctorLooksAtEverything) {
    const ProcessResult found = run_process(
        HEARTH_PROGRAM, {"doctor"}, {"HEARTH_HOME=" + home(), "HEARTH_MODEL=" + model()}, "");
    EXPECT_EQ(found.exit_code, 0) << found.out;
    for (const char* what :
         {"processor", "memory", "limits", "io_uring", "terminal", "locale", "font", "disk",
          "database", "model", "tokenizer", "template", "flash"}) {
        EXPECT_NE(found.out.find(fmt::format(" {:<10} ", what)), std::string::npos) << what;
    }
    const std::string bad = put("bad.gguf", "GGUF nonsense");
    const ProcessResult sick = run_process(HEARTH_PROGRAM, {"doctor"},
                                           {"HEARTH_HOME=" + home(), "HEARTH_MODEL=" + bad}, "");
    EXPECT_EQ(sick.exit_code, 3);
    EXPECT_NE(sick.out.find("BAD  model"), std::string::npos) << sick.out;
}

TEST_F(HouseholdTest, CompletionsKnowTheCommandLine) {
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        const std::string script = ok({"completions", shell}).out;
        for (const char* word : {"history", "search", "origin", "temp", "doctor"}) {
            EXPECT_NE(script.find(word), std::string::npos) << shell << " " << word;
        }
    }
    const std::string file = put("hearth.bash", ok({"completions", "bash"}).out);
    const auto complete = [&](const std::string& typed, const std::string& words) {
        const ProcessResult result =
            run_process("/bin/bash",
                        {"-c", "source " + file + "; COMP_WORDS=(" + words +
                                   "); COMP_CWORD=$((${#COMP_WORDS[@]}-1))"
                                   "; _hearth; echo \"${COMPREPLY[@]}\" # " +
                                   typed},
                        environment(), "");
        EXPECT_EQ(result.err, "");
        return result.out;
    };
    EXPECT_EQ(complete("hearth hist", "hearth hist"), "history\n");
    EXPECT_EQ(complete("hearth history se", "hearth history se"), "search\n");
    EXPECT_EQ(complete("hearth config show --o", "hearth config show --o"), "--origin\n");
}

TEST_F(HouseholdTest, FilesGoAlongAndCodeComesOut) {
    const std::string file = put("a.cpp", "int x;\nint y;\n");
    const auto plain = ok({"run", "-m", model(), "--json", "-n", "3", "--temp", "0", "look"});
    const auto with =
        ok({"run", "-m", model(), "--json", "-n", "3", "--temp", "0", "-f", file, "look"});
    EXPECT_NE(plain.out, with.out);
    refused({"run", "-m", model(), "-f", folder_.file("none.c"), "look"}, 2, "none.c");
    refused({"run", "-m", model(), "-n", "3", "-x", "look"}, 1, "no code block");
}

TEST_F(HouseholdTest, FilesInAChatHaveTheirPrice) {
    const std::string file = put("a.txt", "some words in a file\n");
    PtyProgram program = chat({"-n", "4"});
    ASSERT_TRUE(program.wait_for("\n> "));
    program.send("/read " + file + "\r");
    ASSERT_TRUE(program.wait_for("(1 lines): ")) << program.text();
    ASSERT_TRUE(program.wait_for("tokens, with your next message")) << program.text();
    program.send("what is in it?\r");
    ASSERT_TRUE(program.wait_for("prefill")) << program.text();
    ASSERT_TRUE(program.wait_for("\n> "));
    program.send("\x04");
    EXPECT_EQ(program.wait_exit(), 0);
    EXPECT_NE(ok({"history", "export", "1", "--format", "json"}).out.find("some words in a file"),
              std::string::npos);
}

// The page says what the program has.
TEST_F(HouseholdTest, TheManPageNamesEverySetting) {
    std::ifstream page(HEARTH_SOURCE_DIR "/assets/hearth.1.scd");
    const std::string text{std::istreambuf_iterator<char>(page), {}};
    std::istringstream settings(ok({"config", "show"}).out);
    for (std::string line; std::getline(settings, line);) {
        std::string name = line.substr(0, line.find(' '));
        name = name.substr(name.rfind('.') + 1);
        EXPECT_NE(text.find(name), std::string::npos) << name;
    }
    for (const char* command : {"history", "stats", "char", "config", "doctor", "inspect", "pack",
                                "completions", "run"}) {
        EXPECT_NE(text.find(fmt::format("*hearth {}*", command)), std::string::npos) << command;
    }
}

}  // namespace
}  // namespace hearth
