// hearth plan, and the plan of a first launch, as a person meets them.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/pty/chat_fixture.h"

namespace hearth {
namespace {

class PlanProgramTest : public ProgramTest {
  protected:
    std::vector<std::string> measuring() const {
        return {"HEARTH_HOME=" + home(), "TERM=xterm-256color", "HEARTH_PLAN=auto"};
    }
};

TEST_F(PlanProgramTest, AFirstLaunchMeasuresInFiveStepsAndALaterOneDoesNot) {
    PtyProgram first(HEARTH_PROGRAM, {"run", "-m", model(), "-n", "4", "--temp", "0", "hello"},
                     measuring());
    EXPECT_EQ(first.wait_exit(std::chrono::seconds(120)), 0);
    for (const char* step : {"1/5 hardware", "2/5 flash", "3/5 compute", "4/5 model", "5/5 plan"}) {
        EXPECT_NE(first.text().find(step), std::string::npos) << step << "\n" << first.text();
    }
    PtyProgram second(HEARTH_PROGRAM, {"run", "-m", model(), "-n", "4", "--temp", "0", "hello"},
                      measuring());
    EXPECT_EQ(second.wait_exit(std::chrono::seconds(60)), 0);
    EXPECT_EQ(second.text().find("1/5"), std::string::npos);
    const auto json = run({"run", "-m", model(), "-n", "4", "--json", "hello"});
    ASSERT_EQ(json.exit_code, 0) << json.err;
    EXPECT_NE(nlohmann::json::parse(json.out)["plan"], nullptr);
}

TEST_F(PlanProgramTest, CtrlCSkipsMeasuringAndTheAnswerComesAllTheSame) {
    PtyProgram program(HEARTH_PROGRAM, {"run", "-m", model(), "-n", "4", "--temp", "0", "hello"},
                       measuring());
    ASSERT_TRUE(program.wait_for("Ctrl+C skips"));
    program.send("\x03");
    EXPECT_EQ(program.wait_exit(std::chrono::seconds(60)), 0);
    EXPECT_NE(program.text().find("skipped"), std::string::npos) << program.text();
    EXPECT_FALSE(std::filesystem::exists(home() + "/plans/device.json"));
}

TEST_F(PlanProgramTest, WhatWasSkippedIsPlannedWhileNobodyWaits) {
    PtyProgram program(HEARTH_PROGRAM, {"--inline", "-m", model(), "--temp", "0", "--ctx", "1024"},
                       measuring());
    ASSERT_TRUE(program.wait_for("Ctrl+C skips"));
    program.send("\x03");
    ASSERT_TRUE(program.wait_for("a new conversation")) << program.text();
    const auto n_plans = [this] {
        size_t n = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(home())) {
            n += entry.path().string().ends_with(".plan.json") ? 1 : 0;
        }
        return n;
    };
    EXPECT_EQ(n_plans(), 0u);
    const auto begin = std::chrono::steady_clock::now();
    while (n_plans() == 0 && std::chrono::steady_clock::now() - begin < std::chrono::seconds(120)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(n_plans(), 1u);
    program.send("\x04");
    EXPECT_EQ(program.wait_exit(), 0) << program.text();
}

TEST_F(PlanProgramTest, APlanIsExplainedAndADamagedOneReplaced) {
    const auto made = run({"plan", "-m", model(), "--json"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const auto plan = nlohmann::json::parse(made.out);
    EXPECT_GT(plan["predicted"]["tokens_per_second"], 0.0);
    const auto explained = run({"plan", "-m", model(), "--explain"});
    EXPECT_NE(explained.out.find("decisions"), std::string::npos) << explained.out;
    EXPECT_EQ(explained.err, "");
    size_t n_damaged = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home())) {
        if (!entry.path().string().ends_with(".plan.json")) continue;
        std::filesystem::resize_file(entry.path(), 100);
        ++n_damaged;
    }
    ASSERT_EQ(n_damaged, 1u);
    const auto again = run({"plan", "-m", model(), "--json"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_NE(again.err.find("is not JSON"), std::string::npos) << again.err;
    EXPECT_TRUE(run({"plan", "-m", model()}).err.empty());
}

TEST_F(PlanProgramTest, WhatCannotBeIsOneLine) {
    const auto speed = run({"plan", "-m", model(), "--min-speed", "100000"});
    EXPECT_EQ(speed.exit_code, 3);
    EXPECT_NE(speed.err.find("cannot be had"), std::string::npos) << speed.err;
    const auto small = run({"plan", "-m", model(), "--memory", "1M"});
    EXPECT_EQ(small.exit_code, 3);
}

}  // namespace
}  // namespace hearth
