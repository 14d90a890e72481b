// Lines for the log file; never to the screen. Before open_log() lines are dropped.
//
// One log per process is the one piece of state that is not handed down: it is a sink, nothing
// reads it back. Thread-safe.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "engine/base/result.h"

namespace hearth {

// Appends to the file at `path` (created 0600).
Result<void> open_log(const std::string& path);

void log_line(std::string_view line);

template <typename... Args>
void log(fmt::format_string<Args...> format, Args&&... args) {
    log_line(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace hearth
