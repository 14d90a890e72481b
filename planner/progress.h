// Progress of planning: the five steps of a first launch, told while they run.
//
// Whoever shows them (a line on a terminal, the screen, nobody) hands in a sink.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace hearth {

enum class PlanStep { hardware, storage, compute, model, plan };
inline constexpr size_t kPlanSteps = 5;
std::string_view to_string(PlanStep step);

struct PlanProgress {
    PlanStep step = PlanStep::hardware;
    double share = 0.0;    // of the step, 0 to 1
    bool is_done = false;  // `found` is final, `seconds` is what the step took
    double seconds = 0.0;
    std::string found;  // "2 cores avx512 · 23.4 GiB": what is known so far; may be empty
};

// Called from the planning thread, some times per second at most and once at the end of each step.
// false stops planning within a second (ErrorCode::cancelled).
using PlanProgressSink = std::function<bool(const PlanProgress&)>;

// One step's end of the sink: knows which step it is and what was found.
class StepProgress {
  public:
    StepProgress(PlanStep step, const PlanProgressSink& sink) : step_(step), sink_(sink) {}

    // Fails with cancelled when the sink wants planning to stop. What comes too soon after the last
    // report is not told.
    Result<void> report(double share, std::string found = "");
    Result<void> done(double seconds, std::string found);

  private:
    using Clock = std::chrono::steady_clock;

    Result<void> tell(const PlanProgress& progress);

    PlanStep step_;
    const PlanProgressSink& sink_;
    Clock::time_point told_{};
};

}  // namespace hearth
