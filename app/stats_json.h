// The JSON that `hearth run --json` ends with. Field names are an interface (design.md 7): they may
// be added to, never changed.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace hearth {

struct RunReport {
    std::span<const Token> tokens;  // sampled
    std::string_view text;
    StopReason stop_reason = StopReason::length;
    const RunStats& stats;
};

// One line. What was not measured is null. With `ascii`, as a terminal needs it, everything outside
// ASCII is escaped; bad UTF-8 becomes U+FFFD.
std::string run_report_json(const RunReport& report, bool ascii);

}  // namespace hearth
