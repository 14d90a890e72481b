// A chat by JSON lines: the controller and the tree of messages, without a terminal.
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/pty/chat_fixture.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

class HeadlessTest : public ProgramTest {
  protected:
    std::vector<Json> chat(const std::vector<Json>& input, std::vector<std::string> flags = {}) {
        std::vector<std::string> arguments{"--headless", "-m", model(), "--temp", "0", "--new"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        std::string lines;
        for (const Json& one : input) lines += one.dump() + "\n";
        const ProcessResult result = run(arguments, lines);
        EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
        std::vector<Json> out;
        std::istringstream stream(result.out);
        for (std::string line; std::getline(stream, line);) out.push_back(Json::parse(line));
        return out;
    }

    static std::vector<std::string> types(const std::vector<Json>& out) {
        std::vector<std::string> types;
        for (const Json& one : out) types.push_back(one["t"]);
        return types;
    }

    static Json last(const std::vector<Json>& out, const std::string& type) {
        for (auto one = out.rbegin(); one != out.rend(); ++one) {
            if ((*one)["t"] == type) return *one;
        }
        ADD_FAILURE() << "no " << type;
        return {};
    }

    static bool has(const std::vector<Json>& out, const std::string& type) {
        const auto all = types(out);
        return std::find(all.begin(), all.end(), type) != all.end();
    }
};

TEST_F(HeadlessTest, TheEndOfTheInputLeaves) {
    const auto out = chat({});
    ASSERT_FALSE(out.empty());
    EXPECT_EQ(out.back()["t"], "bye");
}

TEST_F(HeadlessTest, BadInputIsAnErrorAndNothingElse) {
    const auto out = chat({Json::array(), {{"nonsense", 1}}, {{"swipe", 1}, {"step", 7}}});
    EXPECT_EQ(
        std::count_if(out.begin(), out.end(), [](const Json& j) { return j["t"] == "error"; }), 3);
}

TEST_F(HeadlessTest, UnknownCommandsAreNotSent) {
    const auto out = chat({{{"say", "/hlep"}}});
    EXPECT_TRUE(has(out, "error"));
    EXPECT_FALSE(has(out, "begun"));
}

TEST_F(HeadlessTest, FiveTurnsInOrder) {
    std::vector<Json> input;
    for (int i = 0; i < 5; ++i) input.push_back({{"say", "turn " + std::to_string(i)}});
    input.push_back({{"say", "/show"}});
    const auto out = chat(input, {"-n", "6"});
    const Json messages = last(out, "opened")["messages"];
    ASSERT_EQ(messages.size(), 10u);
    EXPECT_EQ(messages[8]["text"], "turn 4");
    EXPECT_EQ(last(out, "end")["stats"]["decode"]["tokens"], 5);
    EXPECT_GT(last(out, "end")["stats"]["prompt_tokens"],
              last(out, "end")["stats"]["prefill"]["tokens"]);
}

TEST_F(HeadlessTest, TheTreeGrowsAndNothingIsLost) {
    // 1: hello, 2: answer; then another answer (3), back to 2, an edit of 1 (4, answer 5).
    const auto out = chat({{{"say", "hello"}},
                           {{"again", 2}},
                           {{"say", "/show"}},
                           {{"swipe", 3}, {"step", -1}},
                           {{"edit", 1}, {"text", "goodbye"}},
                           {{"say", "/show"}},
                           {{"swipe", 4}, {"step", -1}},
                           {{"fork", 1}}},
                          {"-n", "6"});
    std::vector<Json> shown;
    for (const Json& one : out) {
        if (one["t"] == "opened") shown.push_back(one["messages"]);
    }
    ASSERT_EQ(shown.size(), 6u) << out.size();
    EXPECT_EQ(shown[1][1]["variants"], 2);
    EXPECT_EQ(shown[1][1]["variant"], 2);
    EXPECT_EQ(shown[2][1]["id"], 2);
    EXPECT_EQ(shown[3][0]["text"], "goodbye");
    EXPECT_EQ(shown[3][0]["variants"], 2);
    EXPECT_EQ(shown[4][0]["text"], "hello");
    EXPECT_EQ(shown[4].size(), 2u);
    EXPECT_EQ(shown[5].size(), 1u);  // the copy ends where it was forked
    EXPECT_NE(shown[5][0]["id"], 1);
}

TEST_F(HeadlessTest, AFullContextIsNeverCutSilently) {
    std::vector<Json> input;
    for (int i = 0; i < 4; ++i) input.push_back({{"say", std::string(60, 'x')}});
    const auto asked = chat(input, {"-n", "4", "--ctx", "160"});
    EXPECT_TRUE(has(asked, "overflow"));
    EXPECT_EQ(last(asked, "opened")["left_out"], 0);
    const auto shifted = chat(input, {"-n", "4", "--ctx", "160", "--overflow", "shift"});
    EXPECT_FALSE(has(shifted, "overflow"));
    EXPECT_GT(last(shifted, "opened")["left_out"], 0);
    EXPECT_EQ(last(shifted, "opened")["messages"].size(), 8u);
    EXPECT_TRUE(has(shifted, "note"));
    const auto refused = chat(input, {"-n", "4", "--ctx", "160", "--overflow", "error"});
    EXPECT_TRUE(has(refused, "error"));
    EXPECT_FALSE(has(refused, "overflow"));
}

TEST_F(HeadlessTest, ASummaryStandsForTheOldest) {
    std::vector<Json> input;
    for (int i = 0; i < 6; ++i) input.push_back({{"say", std::string(600, 'x')}});
    const auto out = chat(input, {"-n", "24", "--ctx", "1600", "--overflow", "summarise"});
    EXPECT_FALSE(has(out, "overflow"));
    const Json opened = last(out, "opened");
    EXPECT_GT(opened["left_out"], 0);
    // Nothing is lost, and every message has its answer.
    EXPECT_EQ(opened["messages"].size() % 2, 0u) << opened.dump(1);
    EXPECT_EQ(out.back()["t"], "bye");
    EXPECT_FALSE(has(out, "failed") && opened["messages"].back()["role"] == "user");

    // It is part of the conversation: a restart goes on with it.
    const ProcessResult again =
        run({"--headless", "-m", model(), "--temp", "0", "--ctx", "1600"}, "");
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_NE(again.out.find("\"left_out\":" + opened["left_out"].dump()), std::string::npos)
        << again.out;
    const ProcessResult exported = run({"history", "export", "1", "--format", "json"});
    EXPECT_NE(exported.out.find("\"summary\""), std::string::npos);
}

TEST_F(HeadlessTest, ASummaryOnRequestGoesWithTheNextMessage) {
    const auto out = chat({{{"say", "first"}},
                           {{"say", "second"}},
                           {{"say", "third"}},
                           {{"say", "/compact the walrus"}},
                           {{"say", "fourth"}},
                           {{"say", "/show"}}},
                          {"-n", "8"});
    const Json opened = last(out, "opened");
    EXPECT_GT(opened["left_out"], 0);
    EXPECT_EQ(opened["messages"].size(), 8u);
    EXPECT_EQ(opened["messages"][6]["text"], "fourth");
    const auto early = chat({{{"say", "/compact"}}});
    EXPECT_TRUE(has(early, "error"));
}

TEST_F(HeadlessTest, APriceIsToldBeforeSending) {
    const auto out =
        chat({{{"say", "hello"}}, {{"price", "more"}}, {{"say", "more"}}}, {"-n", "4"});
    const Json price = last(out, "price");
    EXPECT_EQ(price["prompt_tokens"], last(out, "end")["stats"]["prompt_tokens"]);
    EXPECT_EQ(price["tokens_to_read"], last(out, "end")["stats"]["prefill"]["tokens"]);
}

}  // namespace
}  // namespace hearth
