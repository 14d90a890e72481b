// plan_table(): a plan as a person reads it: what was decided, why, and what came of it.
#pragma once

#include <optional>
#include <string>

#include "planner/plan_file.h"
#include "storage/run_stats.h"

namespace hearth {

// A few lines: where the memory goes, what a token costs. Wide: 80 columns.
std::string plan_summary(const PlanFile& file);

// The same, each decision with the numbers behind it, and what past answers with the plan measured.
std::string plan_explanation(const PlanFile& file, const std::optional<StatsRow>& measured);

}  // namespace hearth
