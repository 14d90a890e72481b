// What `hearth doctor` looks at: one finding a line, with what to do about it.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "engine/base/result.h"
#include "storage/data_dir.h"

namespace hearth {

struct Finding {
    enum class Kind { good, note, bad };
    Kind kind = Kind::good;
    std::string what;  // "memory"
    std::string says;  // "24.0 GiB, 22.9 GiB free"
};

// Looks; changes nothing.
std::vector<Finding> examine_machine();
std::vector<Finding> examine_terminal(const Environment& environment, bool on_terminal);
std::vector<Finding> examine_folders(const Result<DataDir>& dir);
std::vector<Finding> examine_model(const Options& options);

}  // namespace hearth
