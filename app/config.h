// Config: where settings come from, and what the environment says.
//
// Order: flags, then HEARTH_* variables, then .hearth.toml of the project, then config.toml of the
// person, then that of the system, then the built-in defaults. This is the only place of the
// program that reads environment variables.
#pragma once

#include <span>
#include <string>
#include <utility>
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
    bool over_ssh = false;             // SSH_TTY is set
    std::string editor;                // VISUAL, else EDITOR; "" = neither
    std::vector<Assignment> settings;  // HEARTH_TEMP and so on; empty ones count as unset
};
Environment read_environment();

struct Config {
    Options options;
    std::vector<std::string> warnings;  // one line each: unknown keys of config.toml
    std::vector<std::pair<const Setting*, std::string>> origins;  // of what is not built in

    // "built in", "config.toml: line 3, ...", "--temp"
    std::string origin_of(const Setting& setting) const;
};

// The files that settings come from; "" = none, and a file may be missing.
struct ConfigFiles {
    std::string person;
    std::string system = "";
    std::string project = "";  // may only set the model, the system prompt and sampling
};

// The .hearth.toml of the working folder or of one above it, "" when there is none.
std::string find_project_file();

// All layers, checked. Errors: usage for a flag or variable, bad_file for a file, each naming
// origin, value and range.
Result<Config> load_config(const ConfigFiles& files, const Environment& environment,
                           std::span<const Assignment> flags);

// What is wrong with one settings file: an error, or warnings.
Result<std::vector<std::string>> check_config_file(const std::string& path);

// A settings file in which everything is said, and nothing set.
std::string example_config();

}  // namespace hearth
