// A program run without a terminal: input in, output, errors and exit code out.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

struct ProcessResult {
    int exit_code = -1;  // 128 + the number where a signal ended it; -1: it had to be killed
    std::string out;
    std::string err;
};

struct ProcessOptions {
    int signal = 0;  // sent once `signal_after` bytes of output have come
    size_t signal_after = 0;
    size_t close_after = SIZE_MAX;  // bytes of output after which the reader goes away
    std::chrono::seconds timeout{120};
};

ProcessResult run_process(const std::string& path, const std::vector<std::string>& arguments,
                          const std::vector<std::string>& environment, std::string_view input,
                          const ProcessOptions& options = {});

}  // namespace hearth
