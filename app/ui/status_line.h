// The lines around the conversation: above it which model and how full the context is, below it
// what the engine does. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "app/ui/engine_view.h"
#include "app/ui/style.h"

namespace hearth {

// "DECODE 11.8 tok/s · 143 tok · cold hit 91.7 % · 13 MB/tok · stall 7 %". What is not measured is
// left out; what does not fit is dropped from the right, never the phase and the speed.
StyledLine status_fields(const EngineView& view, size_t columns);

// " hearth  Ember 10M   "a title"      ctx ▓▓▓░░░░░ 312/4,096   F1 help"
StyledLine header_line(const EngineView& view, std::string_view model, std::string_view title,
                       size_t columns);

// "▓▓▓░░░" of `columns` cells.
std::string meter(double share, size_t columns);

// "3,412"
std::string grouped(uint64_t value);

// "92 ms", "9.9 s"
std::string short_time(double milliseconds);

// "11.8 tok/s"
std::string speed(double tokens_per_second);

}  // namespace hearth
