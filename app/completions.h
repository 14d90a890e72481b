// Completion scripts for shells, made from the command line itself, so that they know what it
// knows.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace hearth {

// `shell`: bash, zsh or fish. Options that take a file complete files.
std::string completion_script(const CLI::App& app, std::string_view shell);

}  // namespace hearth
