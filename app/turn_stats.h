// From what the engine measured to what the store keeps.
#pragma once

#include "app/worker.h"
#include "engine/engine.h"
#include "storage/run_stats.h"

namespace hearth {

TurnStats turn_stats(const RunStats& stats, const ModelReady& model,
                     const GenerateOptions& options);

// The counters of a turn by layer, experts together; empty where nothing is streamed.
std::vector<LayerCounters> layer_counters(const std::vector<FfnMemory>& ffns);

}  // namespace hearth
