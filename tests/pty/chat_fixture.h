// What tests of the whole program share: a tiny model, a home of their own, and the program.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/data/tiny_model.h"
#include "tests/pty/process.h"
#include "tests/pty/pty_program.h"
#include "tests/support/temp_folder.h"

namespace hearth {

class ProgramTest : public testing::Test {
  protected:
    // Slow enough (about a thousand tokens a second) and long enough to be interrupted.
    static constexpr uint64_t kContext = 16384;

    void SetUp() override {
        TinyModelOptions options;
        options.context_length = kContext;
        options.n_layers = 8;
        options.d_model = 128;
        options.d_ff = 256;
        const auto written = tiny_model(options).write(model());
        ASSERT_TRUE(written) << written.error().message;
    }

    std::string model() const { return folder_.file("tiny.gguf"); }
    std::string home() const { return folder_.file("home"); }
    std::vector<std::string> environment() const { return {"HEARTH_HOME=" + home()}; }

    // A line-mode chat with greedy sampling: the answers are the same in every run.
    PtyProgram chat(std::vector<std::string> flags = {},
                    const std::string& term = "xterm-256color") const {
        std::vector<std::string> arguments{"--inline", "-m",    model(), "--temp",
                                           "0",        "--ctx", "16384"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        return PtyProgram(HEARTH_PROGRAM, arguments, {"HEARTH_HOME=" + home(), "TERM=" + term});
    }

    ProcessResult run(const std::vector<std::string>& arguments,
                      std::string_view input = "") const {
        return run_process(HEARTH_PROGRAM, arguments, environment(), input);
    }

    TempFolder folder_;
};

}  // namespace hearth
