// Config: where settings come from, and what the environment says.
//
// Order: flags, then HEARTH_* variables, then config.toml, then the built-in defaults. This is the
// only place of the program that reads environment variables.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/settings.h"
#include "engine/base/result.h"
#include "storage/data_dir.h"

namespace hearth {

// The variables that matter, read once at the start.
struct Environment {
    DirectoryEnvironment directories;
    std::string term;                  // TERM
    bool no_color = false;             // NO_COLOR is set and not empty
    std::string editor;                // VISUAL, else EDITOR; "" = neither
    std::vector<Assignment> settings;  // HEARTH_TEMP and so on; empty ones count as unset
};
Environment read_environment();

struct Config {
    Options options;
    std::vector<std::string> warnings;  // one line each: unknown keys of config.toml
};

// All layers, checked. `config_file` may be missing. Errors: usage for a flag or variable,
// bad_file for config.toml, each naming origin, value and range.
Result<Config> load_config(const std::string& config_file, const Environment& environment,
                           std::span<const Assignment> flags);

}  // namespace hearth
