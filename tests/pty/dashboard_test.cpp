// The engine's numbers on the screen agree with what the program prints elsewhere and with the
// kernel; and in a second terminal they are the same.
#include <signal.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/pty/chat_fixture.h"
#include "tests/pty/screen_program.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kF2 = "\x1bOQ";
constexpr std::string_view kCtrlD = "\x04";

class DashboardProgramTest : public ProgramTest {
  protected:
    // Does not fit the budget, so that it streams.
    void SetUp() override {
        TinyModelOptions options;
        options.n_layers = 4;
        options.d_model = 256;
        options.d_ff = 3072;
        ASSERT_TRUE(tiny_model(options).write(model()));
    }

    std::vector<std::string> flags() const {
        return {"-m", model(), "--memory", "26M", "--temp", "0", "-n", "24"};
    }
    std::vector<std::string> variables() const {
        return {"HEARTH_HOME=" + home(), "TERM=xterm-256color", "LANG=C.UTF-8"};
    }
    ScreenProgram open() const {
        return ScreenProgram(HEARTH_PROGRAM, flags(), variables(), 30, 100);
    }

    static double read_bytes(pid_t pid) {
        std::ifstream file("/proc/" + std::to_string(pid) + "/io");
        std::string name;
        double value = 0.0;
        while (file >> name >> value) {
            if (name == "read_bytes:") return value;
        }
        return 0.0;
    }

    std::string saved(const std::string& extension) const {
        for (const auto& entry : std::filesystem::directory_iterator(home())) {
            const std::string name = entry.path().filename();
            if (!name.starts_with("engine-") || entry.path().extension() != extension) continue;
            std::ifstream file(entry.path());
            return {std::istreambuf_iterator<char>(file), {}};
        }
        return "";
    }
};

void expect_near(double value, double wanted, const char* what) {
    EXPECT_LE(std::abs(value - wanted), 0.02 * wanted) << what << ": " << value << ", " << wanted;
}

TEST_F(DashboardProgramTest, AgreesWithJsonAndWithTheKernel) {
    ScreenProgram program = open();
    ASSERT_TRUE(program.wait_for("READY")) << program.screen().text();
    const pid_t pid = program.program().pid();
    const double before = read_bytes(pid);
    program.send("hello\r");
    ASSERT_TRUE(program.wait_for("DONE")) << program.screen().text();
    const double kernel = read_bytes(pid) - before;
    program.send(kF2);
    program.send("4s");
    ASSERT_TRUE(program.wait_for("any key closes")) << program.screen().text();
    program.send(" ");
    ASSERT_TRUE(program.wait_gone("any key closes"));
    program.send("q");
    program.send(kCtrlD);
    EXPECT_EQ(program.wait_exit(), 0);

    const Json shown = Json::parse(saved(".json"));
    const Json& stats = shown["engine"]["stats"];
    const double bytes = stats["io_bytes"];
    ASSERT_GT(bytes, 1e6);
    if (kernel > 0.0) expect_near(bytes, kernel, "the kernel");  // 0: this disk has no direct reads

    std::vector<std::string> arguments{"run", "--json", "hello"};
    for (const std::string& flag : flags()) arguments.push_back(flag);
    const ProcessResult ran = run(arguments);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const Json told = Json::parse(ran.out);
    EXPECT_EQ(told["prompt_tokens"], stats["prompt_tokens"]);
    EXPECT_EQ(told["decode"]["tokens"], stats["decode_tokens"]);
    expect_near(bytes, told["io"]["bytes"], "--json");
    expect_near(stats["hot_bytes"], told["cache"]["hot"]["bytes"], "hot");
    expect_near(stats["fixed_bytes"], told["cache"]["fixed"]["bytes"], "fixed");

    // What the page says is that number.
    const std::string text = saved(".txt");
    const size_t at = text.find("bytes  ");
    ASSERT_NE(at, std::string::npos) << text;
    expect_near(std::atof(text.c_str() + text.find_first_of("0123456789", at)) * 1e6, bytes,
                "the page");
}

TEST_F(DashboardProgramTest, ASecondTerminalShowsTheSame) {
    {
        const auto none = run({"top"});
        EXPECT_EQ(none.exit_code, 3);
        EXPECT_NE(none.err.find("no chat is running"), std::string::npos) << none.err;
        EXPECT_EQ(std::count(none.err.begin(), none.err.end(), '\n'), 1);
    }
    ScreenProgram chat = open();
    ASSERT_TRUE(chat.wait_for("READY"));
    ScreenProgram top(HEARTH_PROGRAM, {"top"}, variables(), 30, 100);
    ASSERT_TRUE(top.wait_for("where one token goes")) << top.screen().text();
    EXPECT_TRUE(top.shows("READY"));
    chat.send("hello\r");
    ASSERT_TRUE(chat.wait_for("DONE"));
    ASSERT_TRUE(top.wait_for("DONE")) << top.screen().text();
    top.send("4");
    EXPECT_TRUE(top.wait_for("MB")) << top.screen().text();
    top.send("6");
    EXPECT_TRUE(top.wait_for("decode tok/s")) << top.screen().text();
    top.resize(10, 40);
    top.settle();
    EXPECT_TRUE(top.shows("DONE"));
    ScreenProgram second(HEARTH_PROGRAM, {"top", "--pid", std::to_string(chat.program().pid())},
                         variables(), 24, 80);
    ASSERT_TRUE(second.wait_for("DONE"));
    second.send("q");
    EXPECT_EQ(second.wait_exit(), 0);
    chat.send(kCtrlD);
    EXPECT_EQ(chat.wait_exit(), 0);
    EXPECT_EQ(top.wait_exit(), 3);  // the chat has ended
    EXPECT_FALSE(top.screen().alternate_screen());
    EXPECT_NE(top.program().text().find("the chat has ended"), std::string::npos);
}

TEST_F(DashboardProgramTest, KeysChangeRateGlyphsAndTheSession) {
    ScreenProgram program = open();
    ASSERT_TRUE(program.wait_for("READY"));
    program.send("hello\r");
    ASSERT_TRUE(program.wait_for("DONE"));
    program.send(kF2);
    ASSERT_TRUE(program.wait_for("4 Hz")) << program.screen().text();
    EXPECT_TRUE(program.shows("25 tok, 1 answers") || program.shows("24 tok, 1 answers"))
        << program.screen().text();
    program.send("+");
    EXPECT_TRUE(program.wait_for("8 Hz"));
    program.send("--");
    EXPECT_TRUE(program.wait_for("2 Hz"));
    program.send("p");
    EXPECT_TRUE(program.wait_for("PAUSED"));
    program.send("pr");
    EXPECT_TRUE(program.wait_for("0 tok, 0 answers")) << program.screen().text();
    program.send("g");
    EXPECT_TRUE(program.wait_for("+- speed")) << program.screen().text();
    program.send("g");
    EXPECT_TRUE(program.wait_for("┌─ speed"));
    program.send("/2");
    EXPECT_TRUE(program.wait_for("layer 2")) << program.screen().text();
    program.send("\x1b");
    EXPECT_TRUE(program.wait_gone("layer 2"));
    program.send("q");
    ASSERT_TRUE(program.wait_gone("Hz"));
    program.send(kCtrlD);
    EXPECT_EQ(program.wait_exit(), 0);
}

}  // namespace
}  // namespace hearth
