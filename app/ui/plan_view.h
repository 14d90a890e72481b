// PlanView: the five steps of planning while they run, over the conversation.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/ui/canvas.h"
#include "planner/progress.h"

namespace hearth {

class PlanView {
  public:
    explicit PlanView(std::string model) : model_(std::move(model)) {}

    void take(const PlanProgress& progress);
    // Takes no more of the area than it needs.
    void draw(Canvas& canvas, const Area& area) const;

  private:
    std::vector<StyledLine> lines(size_t columns) const;
    StyledLine step_line(size_t step, size_t columns) const;

    std::string model_;
    std::array<std::optional<PlanProgress>, kPlanSteps> steps_;  // as last told
};

}  // namespace hearth
