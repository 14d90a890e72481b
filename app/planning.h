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

// How planning meets a person. Called on the thread that plans.
struct PlanningHooks {
    PlanProgressSink on_progress;                          // false: stop planning
    std::function<void(const std::string& line)> on_note;  // something to know
    std::function<void()> on_measuring = {};               // nothing is kept: it begins now
    std::function<bool(const PackOffer& offer)> may_write_pack = {};  // empty = yes
};

// A planner for that model, with the program's folders: they are made where they are missing.
Result<PlanMaker> open_planner(const Gguf& gguf, const DataDir& data_dir,
                               const PlanningHooks& hooks);

// Whether planning, which opens the model anew, has room beside a model that is loaded: on the
// machine, and within the budget, which is for both together.
Result<bool> can_plan_beside(const Gguf& gguf, const PlanInputs& inputs);

// The kept plan for the model and the settings; where there is none and `may_measure`, one is made
// now. nullopt = no plan, the engine's default will do. cancelled when on_progress said so;
// bad_file for the model.
Result<std::optional<Plan>> plan_for_launch(const std::string& model_path, const Options& options,
                                            const DataDir& data_dir, bool may_measure,
                                            const PlanningHooks& hooks);

// The same for a program without a face: the steps are shown where a person watches standard error,
// SIGINT skips them, and no pack is written unasked. cancelled when a signal ends the program.
Result<std::optional<Plan>> plan_on_lines(const std::string& model_path, const Program& program,
                                          SignalFd& signals);

// "3.1 GiB, about 13 s to write; expected 11.4 tok/s with it, 1.2 without"
std::string describe(const PackOffer& offer);

inline constexpr std::string_view kMeasuringOnce =
    "First run of this model with this memory: measuring it once. Ctrl+C skips and uses safe "
    "defaults.";
inline constexpr std::string_view kMeasuringSkipped =
    "skipped: safe defaults (hearth plan measures later)";

}  // namespace hearth
