// ModelTrial: a model opened with a plan and run for a while, to see what it does.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/engine.h"
#include "planner/activity_trace.h"
#include "planner/model_profile.h"
#include "planner/progress.h"

namespace hearth {

class ModelTrial {
  public:
    // Loads the model as the plan says; progress is told as `from` to `to` of the step.
    static Result<ModelTrial> open(const std::string& path, const Plan& plan,
                                   StepProgress& progress, double from, double to);

    // Runs the bundled text through the model as one prompt, for about `seconds` at most, and
    // returns what fired: of as many layers as fit into max_bytes, and four at least.
    Result<ActivityTrace> trace(uint64_t max_bytes, double seconds, StepProgress& progress,
                                double from, double to);

    // Decodes behind the bundled text for about `seconds`. `setting` says what the plan is in
    // shares; its mode and threads are used.
    Result<Observation> observe(const PlanSetting& setting, double seconds) const;

    // Of the bundled text, as many as trace() reads where it has the time.
    size_t n_text_tokens() const;

    const Model& model() const { return *model_; }

  private:
    explicit ModelTrial(std::unique_ptr<Model> model) : model_(std::move(model)) {}
    std::vector<Token> text_tokens(size_t most) const;

    std::unique_ptr<Model> model_;
};

}  // namespace hearth
