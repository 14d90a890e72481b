// From settings to what the engine takes.
#pragma once

#include "app/settings.h"
#include "engine/engine.h"

namespace hearth {

SessionOptions session_options(const Options& options);

// The options of one answer. Where no seed was set, each call draws another one.
GenerateOptions generate_options(const Options& options);

}  // namespace hearth
