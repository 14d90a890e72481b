// hearth pack as a person uses it.
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "tests/pty/chat_fixture.h"

namespace hearth {
namespace {

class PackProgramTest : public ProgramTest {
  protected:
    static void expect_one_line(const ProcessResult& result, int exit_code) {
        EXPECT_EQ(result.exit_code, exit_code) << result.err;
        EXPECT_EQ(result.err.substr(0, 8), "hearth: ");
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
    std::vector<std::string> packs() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(home() + "/packs")) {
            names.push_back(entry.path());
        }
        return names;
    }
};

TEST_F(PackProgramTest, WritesToTheDataFolderShowsAndVerifies) {
    const auto written = run({"pack", "-m", model()});
    ASSERT_EQ(written.exit_code, 0) << written.err;
    EXPECT_EQ(written.err, "");  // no terminal, no progress
    ASSERT_EQ(packs().size(), 1u);
    const std::string pack = packs().front();
    EXPECT_EQ(std::filesystem::path(pack).filename().string().substr(0, 5), "tiny-");
    EXPECT_NE(written.out.find("8 sections"), std::string::npos) << written.out;
    EXPECT_NE(written.out.find("relative RMS error 0.00"), std::string::npos) << written.out;

    const auto shown = run({"inspect", pack});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_NE(shown.out.find("8 sections, 2048 neurons"), std::string::npos) << shown.out;
    EXPECT_EQ(run({"pack", "--verify", pack}).exit_code, 0);

    std::fstream file(pack, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(200'000).put('\x55');
    file.close();
    const auto damaged = run({"pack", "--verify", pack});
    expect_one_line(damaged, 2);
    EXPECT_NE(damaged.err.find("is damaged"), std::string::npos) << damaged.err;
}

TEST_F(PackProgramTest, WhatCannotBeIsOneLine) {
    expect_one_line(run({"pack", "-m", model(), "--down", "q99"}), 1);
    expect_one_line(run({"pack", "-m", model(), "--alignment", "7"}), 1);
    expect_one_line(run({"pack", "-m", model(), "-o", folder_.path()}), 1);
    expect_one_line(run({"pack", "-m", folder_.file("absent.gguf")}), 2);
    expect_one_line(run({"pack", "--verify", model()}), 2);
    const std::string limited = "ulimit -f 50; exec '" + std::string(HEARTH_PROGRAM) +
                                "' pack -m '" + model() + "' -o '" + folder_.file("a.pack") + "'";
    expect_one_line(run_process("/bin/sh", {"-c", limited}, environment(), ""), 3);
    EXPECT_FALSE(std::filesystem::exists(folder_.file("a.pack.partial")));
}

}  // namespace
}  // namespace hearth
