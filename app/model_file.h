// Which model file is meant, and whether it fits, before anything of it is loaded.
#pragma once

#include <string>

#include "app/memory_budget.h"
#include "app/settings.h"
#include "engine/base/result.h"
#include "engine/engine.h"

namespace hearth {

// The file that was asked for, else the bundled model: the first *.gguf beside the installed
// program (../share/hearth/models) or in the source tree (assets/models). A usage error with the
// next step when there is none.
Result<std::string> find_model(const Options& options);

// The model that comes with the program; "" when there is none.
std::string bundled_model();

// The plan to run a model file with under a memory limit: what stays in memory, what is streamed.
// Refuses (machine, with the numbers), before anything is loaded, a budget that no plan fits. Where
// no budget was given, what is free now is one for a model that would not fit.
Result<Plan> make_plan(const Gguf& gguf, const MemoryLimit& memory, const SessionOptions& session);

}  // namespace hearth
