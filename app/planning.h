// Planning for the program: what is asked of the planner, and the plan a launch runs with.
#pragma once

#include <optional>
#include <string>

#include "app/commands/commands.h"
#include "app/event_loop.h"
#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/neuron/plan.h"
#include "planner/plan_maker.h"

namespace hearth {

// What the settings ask for. A limit that depends on what is free now is rounded down coarsely, so
// that one launch finds the plan of the other; none is no limit where all of the model fits.
Result<PlanInputs> plan_inputs(const Gguf& gguf, const Options& options);

// A planner for that model, with the program's folders: they are made where they are missing.
Result<PlanMaker> open_planner(const Gguf& gguf, const DataDir& data_dir,
                               const PlanProgressSink& on_progress,
                               const std::function<void(const std::string& line)>& on_note);

// The kept plan for the model and the settings; where there is none, and a person watches standard
// error, one is made now, with the steps shown: Ctrl+C skips that. nullopt = no plan, the engine's
// default will do. Errors: cancelled when a signal ends the program; machine when nothing fits the
// budget.
Result<std::optional<Plan>> plan_for_launch(const std::string& model_path, const Program& program,
                                            SignalFd& signals);

}  // namespace hearth
