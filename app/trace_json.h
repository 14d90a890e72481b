// One token's trace as a file that trace viewers open (chrome://tracing, Perfetto, speedscope).
#pragma once

#include <span>
#include <string>

#include "engine/base/token_trace.h"

namespace hearth {

// The Trace Event Format: one complete event ("ph": "X", microseconds) per piece of work, workers
// and the I/O lane as threads of one process, layer and cluster as arguments.
std::string trace_json(std::span<const TraceEvent> events);

}  // namespace hearth
