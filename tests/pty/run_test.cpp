// hearth run, inspect and history as scripts use them: exit codes, one-line errors, JSON, pipes.
#include <signal.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/pty/chat_fixture.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

class RunTest : public ProgramTest {
  protected:
    std::vector<std::string> with_model(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"-m", model()});
        return arguments;
    }
    static void expect_one_line(const ProcessResult& result, int exit_code) {
        EXPECT_EQ(result.exit_code, exit_code) << result.err;
        EXPECT_EQ(result.err.substr(0, 8), "hearth: ");
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
        EXPECT_LE(result.err.size(), 241u);
        EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
    }
};

TEST_F(RunTest, AnswersAPromptFromAnywhere) {
    const auto argument = run(with_model({"run", "--temp", "0", "-n", "8", "hello"}));
    EXPECT_EQ(argument.exit_code, 0) << argument.err;
    EXPECT_EQ(argument.err, "");
    const auto dash = run(with_model({"run", "--temp", "0", "-n", "8", "-"}), "hello\n");
    EXPECT_EQ(dash.out, argument.out);
    const auto bare = run({"-m", model(), "--temp", "0", "-n", "8"}, "hello\n");
    EXPECT_EQ(bare.exit_code, 0) << bare.err;
    EXPECT_EQ(bare.out, argument.out);
}

TEST_F(RunTest, JsonHasTheAnswerAndTheSeedRepeatsIt) {
    const auto arguments = with_model(
        {"run", "--json", "--seed", "7", "--temp", "1", "-n", "10", "--memory", "1G", "x"});
    const auto first = run(arguments);
    ASSERT_EQ(first.exit_code, 0) << first.err;
    const Json json = Json::parse(first.out);
    EXPECT_EQ(json["tokens"].size(), 10u);
    EXPECT_EQ(json["stop_reason"], "length");
    EXPECT_EQ(json["memory"]["budget_bytes"], 1u << 30);
    EXPECT_EQ(json["prompt_tokens"], json["prefill"]["tokens"]);
    EXPECT_EQ(json["decode"]["tokens"], 9);  // the first token belongs to prefill
    EXPECT_EQ(Json::parse(run(arguments).out)["tokens"], json["tokens"]);
    const auto raw = Json::parse(run(with_model({"run", "--json", "--raw", "-n", "3", "x"})).out);
    EXPECT_LT(raw["prompt_tokens"], json["prompt_tokens"]);
}

TEST_F(RunTest, InterruptKeepsWhatWasSaidAndExits130) {
    const auto result = run_process(HEARTH_PROGRAM, with_model({"run", "--ctx", "16384", "go on"}),
                                    environment(), "", {.signal = SIGINT, .signal_after = 50});
    EXPECT_EQ(result.exit_code, 130) << result.err;
    EXPECT_GE(result.out.size(), 50u);
}

TEST_F(RunTest, AReaderThatGoesAwayEndsItQuietly) {
    const auto result = run_process(HEARTH_PROGRAM, with_model({"run", "--ctx", "16384", "go on"}),
                                    environment(), "", {.close_after = 50});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
}

TEST_F(RunTest, AFullDiskIsOneLine) {
    std::vector<std::string> arguments{
        "-c", std::string(HEARTH_PROGRAM) + " run -n 5 hi -m " + model() + " > /dev/full"};
    expect_one_line(run_process("/bin/sh", arguments, environment(), ""), 3);
}

TEST_F(RunTest, WrongUsageIsOneLineAndOne) {
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"run", "--temp", "9", "x"},
                                               {"run", "--ctx", "-1", "x"},
                                               {"run", "--threads", "0", "x"},
                                               {"run", "--seed", "18446744073709551616", "x"},
                                               {"run", "--memory", "lots", "x"},
                                               {"run", "--sparsity", "some", "x"},
                                               {"run", "--nonsense", "x"},
                                               {"chatt"},
                                               {"--new"},
                                               {"inspect"},
                                               {"history", "show", "99"}}) {
        expect_one_line(run(arguments), 1);
    }
    expect_one_line(run(with_model({"run", "--sparsity", "predicted", "x"})), 1);
}

TEST_F(RunTest, AWrongFileIsOneLineAndTwo) {
    const std::string not_a_model = folder_.file("x.gguf");
    std::ofstream(not_a_model) << "\x1b]0;title\a not a model";
    expect_one_line(run({"run", "-m", not_a_model, "x"}), 2);
    expect_one_line(run({"inspect", not_a_model}), 2);
    std::filesystem::create_directories(home());
    std::ofstream(home() + "/config.toml") << "[sampling]\ntemp = \"hot\"\n";
    expect_one_line(run(with_model({"run", "x"})), 2);
}

TEST_F(RunTest, NamesCannotReachTheTerminal) {
    const auto result = run({"run", "-m", "/\x1b]0;owned\a\u202E.gguf", "x"});
    EXPECT_NE(result.exit_code, 0);
    EXPECT_EQ(result.err.find_first_of("\x1b\a"), std::string::npos);
    EXPECT_EQ(result.err.find("\u202E"), std::string::npos);
}

TEST_F(RunTest, AModelAboveTheBudgetIsRefusedWithTheNumbers) {
    const auto result = run(with_model({"run", "--memory", "1M", "--ctx", "16384", "x"}));
    expect_one_line(result, 3);
    EXPECT_NE(result.err.find("the budget is 1.0 MiB"), std::string::npos) << result.err;
}

// Too little address space for threads, weights or context: one line each, never a crash.
TEST_F(RunTest, LittleMemoryIsOneLine) {
#ifdef HEARTH_SANITIZED
    GTEST_SKIP() << "sanitizers reserve more address space than the test allows";
#endif
    for (int kib = 16'000; kib <= 160'000; kib += 18'000) {
        const std::string command = "ulimit -v " + std::to_string(kib) +
                                    "; exec " HEARTH_PROGRAM " run -n 2 --ctx 16384 hi -m " +
                                    model();
        const auto result = run_process("/bin/sh", {"-c", command}, environment(), "");
        if (result.exit_code != 0) expect_one_line(result, 3);
    }
}

TEST_F(RunTest, TheEnvironmentIsCheckedToo) {
    std::vector<std::string> variables = environment();
    variables.push_back("HEARTH_TEMP=warm");
    const auto result = run_process(HEARTH_PROGRAM, with_model({"run", "x"}), variables, "");
    expect_one_line(result, 1);
    EXPECT_NE(result.err.find("HEARTH_TEMP: 'warm'"), std::string::npos);
}

TEST_F(RunTest, TokensGoThereAndBack) {
    const std::string text = "Hello there,\n  you <|im_end|> \xF0\x9F\x94\xA5";
    const auto ids = run(with_model({"inspect", "tokens", "--no-special"}), text);
    ASSERT_EQ(ids.exit_code, 0) << ids.err;
    EXPECT_EQ(run(with_model({"inspect", "tokens", "--decode"}), ids.out).out, text);
    expect_one_line(run(with_model({"inspect", "tokens", "--decode"}), "1 99999999"), 1);
}

TEST_F(RunTest, ThePromptIsRenderedAsItIs) {
    const std::string messages =
        R"([{"role":"system","content":"be kind"},{"role":"user","content":"hi"}])";
    const auto own = run(with_model({"inspect", "prompt"}), messages);
    ASSERT_EQ(own.exit_code, 0) << own.err;
    EXPECT_NE(own.out.find("<|im_start|>user\nhi"), std::string::npos);
    const std::string file = folder_.file("t.jinja");
    std::ofstream(file) << "{% for m in messages %}[{{ m.role }}] {{ m.content }};{% endfor %}";
    const auto other = run(with_model({"inspect", "prompt", "--template", file}), messages);
    EXPECT_EQ(other.out, "[system] be kind;[user] hi;");
    expect_one_line(run(with_model({"inspect", "prompt"}), "{\"role\":1}"), 1);
}

TEST_F(RunTest, LogitsAreProbabilities) {
    const auto result = run(with_model({"inspect", "logits"}), "1 40 50 300");
    ASSERT_EQ(result.exit_code, 0) << result.err;
    size_t position = 0;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line); ++position) {
        const Json json = Json::parse(line);
        EXPECT_EQ(json["pos"], position);
        EXPECT_EQ(json["next"].is_null(), position == 3);
        ASSERT_EQ(json["top"].size(), 10u);
        double last = 0.0;
        for (const Json& pair : json["top"]) {
            EXPECT_LE(pair[1].get<double>(), last);
            last = pair[1];
        }
    }
    EXPECT_EQ(position, 4u);
}

TEST_F(RunTest, PerplexityOfAText) {
    const std::string file = folder_.file("text.txt");
    std::ofstream(file) << std::string(200, 'a') + " and so on";
    const auto result = run(with_model({"inspect", "perplexity", "--ctx", "64", file}));
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json json = Json::parse(result.out);
    EXPECT_GT(json["perplexity"], 1.0);
    EXPECT_GT(json["tokens"], 50);
}

TEST_F(RunTest, TheLastTokenCanBeTraced) {
    const std::string path = folder_.file("trace.json");
    const auto result = run(with_model({"run", "-n", "4", "--trace", path, "x"}));
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto json = Json::parse(std::ifstream(path));
    std::map<std::string, int> kinds;
    for (const auto& event : json["traceEvents"]) ++kinds[event["name"].get<std::string>()];
    EXPECT_GT(kinds["attention"], 0);
    EXPECT_EQ(kinds["attention"], kinds["ffn"]);
    EXPECT_EQ(kinds["head"], 1);
    EXPECT_EQ(kinds["thread_name"], 1);
}

TEST_F(RunTest, HelpGoesToStandardOutput) {
    const auto help = run({"--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_NE(help.out.find("history"), std::string::npos);
    EXPECT_EQ(help.err, "");
}

TEST_F(RunTest, HistoryOfNothingIsNoError) {
    const auto listed = run({"history", "list"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    EXPECT_EQ(run({"history", "list", "--json"}).out, "");
}

}  // namespace
}  // namespace hearth
