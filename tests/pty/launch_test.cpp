// How a model gets into the full-screen chat: measured, planned for, loaded; and how another
// follows.
#include <filesystem>

#include "bench/synth/synthetic_model.h"
#include "tests/pty/chat_fixture.h"
#include "tests/pty/screen_program.h"

namespace hearth {
namespace {

using std::chrono::seconds;

constexpr std::string_view kF7 = "\x1b[18~";
constexpr std::string_view kEscape = "\x1b";
constexpr std::string_view kCtrlD = "\x04";
// Between what such a model needs at least and what it takes in all.
constexpr const char* kBudget = "52M";
constexpr const char* kOtherBudget = "56M";

class LaunchTest : public ProgramTest {
  protected:
    ScreenProgram open(const std::string& plan, std::vector<std::string> flags = {}) const {
        std::vector<std::string> arguments{"--temp", "0", "-n", "8"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        return ScreenProgram(
            HEARTH_PROGRAM, arguments,
            {"HEARTH_HOME=" + home(), "TERM=xterm-256color", "LANG=C.UTF-8", "HEARTH_PLAN=" + plan},
            24, 90);
    }

    static void leave(ScreenProgram& program) {
        program.send(kCtrlD);
        EXPECT_EQ(program.wait_exit(), 0);
        EXPECT_FALSE(program.screen().alternate_screen());
    }
};

TEST_F(LaunchTest, AFirstLaunchMeasuresOnTheScreenAndALaterOneDoesNot) {
    {
        ScreenProgram program = open("auto", {"-m", model()});
        ASSERT_TRUE(program.wait_for("first run of tiny.gguf")) << program.screen().text();
        program.send("hello\r");
        EXPECT_TRUE(program.wait_for("queued: hello")) << program.screen().text();
        ASSERT_TRUE(program.wait_for("planned:", seconds(120))) << program.screen().text();
        EXPECT_TRUE(program.wait_for("DONE"))
            << program.screen().text();  // what was said meanwhile
        leave(program);
    }
    ScreenProgram program = open("auto", {"-m", model()});
    ASSERT_TRUE(program.wait_for("READY"));
    EXPECT_EQ(program.program().text().find("first run"), std::string::npos);
    leave(program);
}

TEST_F(LaunchTest, EscSkipsMeasuringAndTheChatBeginsAllTheSame) {
    ScreenProgram program = open("auto", {"-m", model()});
    ASSERT_TRUE(program.wait_for("2/5 flash")) << program.screen().text();
    program.send(kEscape);
    ASSERT_TRUE(program.wait_for("skipped: safe defaults")) << program.screen().text();
    EXPECT_TRUE(program.wait_for("READY"));
    EXPECT_FALSE(std::filesystem::exists(home() + "/plans/device.json"));
    leave(program);
}

TEST_F(LaunchTest, AnotherModelGoesOnWithTheConversation) {
    TinyModelOptions other;
    other.architecture = "qwen2";
    ASSERT_TRUE(tiny_model(other).write(folder_.file("other.gguf")));
    ScreenProgram program = open("off", {"-m", model()});
    ASSERT_TRUE(program.wait_for("READY"));
    program.send("the first\r");
    ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
    program.send(kF7);
    ASSERT_TRUE(program.wait_for("in use")) << program.screen().text();
    EXPECT_TRUE(program.shows("qwen2"));
    program.send("other\r");
    ASSERT_TRUE(program.wait_for("now tiny test model")) << program.screen().text();
    EXPECT_TRUE(program.shows("the first"));
    program.send("the second\r");
    ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
    // What is no model leaves everything as it is.
    program.send("/model " + folder_.file("home/hearth.db") + "\r");
    ASSERT_TRUE(program.wait_for("not a GGUF")) << program.screen().text();
    program.send("/model no-such\r");
    EXPECT_TRUE(program.wait_for("no model of that name")) << program.screen().text();
    program.send("the third\r");
    ASSERT_TRUE(program.wait_for("the third"));
    ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
    leave(program);
}

// Tokens of few neurons, so that reading them from a pack is worth it.
TEST_F(LaunchTest, APackIsWrittenWhenThePersonSaysSo) {
    SyntheticOptions options;
    SyntheticShape& shape = options.shape;
    shape.n_layers = 4;
    shape.d_model = 1024;
    shape.n_heads = 16;
    shape.n_kv_heads = 2;
    shape.d_ff = 4096;
    shape.n_vocab = 2000;
    shape.rope_base = 10'000.0F;
    shape.ffn_activation = "relu";
    shape.active_fraction = 0.05;
    const std::string sparse = folder_.file("sparse.gguf");
    const auto synthetic = SyntheticModel::create(options);
    ASSERT_TRUE(synthetic) << synthetic.error().message;
    ASSERT_TRUE(synthetic->write(sparse));
    for (const bool wanted : {false, true}) {
        ScreenProgram program = open(
            "auto", {"-m", sparse, "--ctx", "512", "--memory", wanted ? kBudget : kOtherBudget});
        if (!program.wait_for("write a pack?", seconds(20)) && program.wait_for("planned: ")) {
            GTEST_SKIP() << "this disk does not make a pack worth it";
        }
        ASSERT_TRUE(program.wait_for("write a pack?", seconds(100))) << program.screen().text();
        EXPECT_TRUE(program.shows("sparse-")) << program.screen().text();
        program.send(wanted ? "\r" : kEscape);
        ASSERT_TRUE(program.wait_for("READY", seconds(120))) << program.screen().text();
        EXPECT_EQ(std::filesystem::is_empty(home() + "/packs"), !wanted);
        leave(program);
    }
}

}  // namespace
}  // namespace hearth
