#include "planner/progress.h"

#include <utility>

namespace hearth {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(40);

}  // namespace

std::string_view to_string(PlanStep step) {
    switch (step) {
        case PlanStep::hardware:
            return "hardware";
        case PlanStep::storage:
            return "flash";
        case PlanStep::compute:
            return "compute";
        case PlanStep::model:
            return "model";
        case PlanStep::plan:
            return "plan";
    }
    return "";
}

Result<void> StepProgress::report(double share, std::string found) {
    if (Clock::now() - told_ < kInterval) return {};
    return tell({step_, share, false, 0.0, std::move(found)});
}

Result<void> StepProgress::done(double seconds, std::string found) {
    return tell({step_, 1.0, true, seconds, std::move(found)});
}

Result<void> StepProgress::tell(const PlanProgress& progress) {
    told_ = Clock::now();
    if (!sink_ || sink_(progress)) return {};
    return make_error(ErrorCode::cancelled, "planning was stopped at step {} of {} ({})",
                      static_cast<size_t>(step_) + 1, kPlanSteps, to_string(step_));
}

}  // namespace hearth
