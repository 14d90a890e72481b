// plan_table(): a plan as a person reads it: what was decided, why, and what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "planner/plan_file.h"
#include "storage/run_stats.h"

namespace hearth {

// A few lines: where the memory goes, what a token costs. Wide: 80 columns.
std::string plan_summary(const PlanFile& file);

// What the model's profile holds of conversations by now, and how much that weighs in it.
struct OwnConversations {
    uint64_t tokens = 0;
    double share = 0.0;
};

// The same, each decision with the numbers behind it and what the alternatives would have given,
// and what past answers with the plan measured. 88 columns.
std::string plan_explanation(const PlanFile& file, const std::optional<StatsRow>& measured,
                             const std::optional<OwnConversations>& own);

}  // namespace hearth
