// PlanMaker: from a model and a budget to a plan, measuring what is not known yet (design.md 6).
//
// What was measured is kept in a folder: the device's profile, a profile per model, a plan per
// request. A plan is made anew when it is missing, damaged, or made for another device, model or
// request; from kept profiles that takes milliseconds.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "engine/neuron/model_identity.h"
#include "planner/device_profile.h"
#include "planner/model_profile.h"
#include "planner/pack_offer.h"
#include "planner/plan_file.h"
#include "planner/progress.h"

namespace hearth {

class ModelTrial;
struct MemoryNeeds;

struct PlanMakerOptions {
    std::string folder;     // of profiles and plans; it exists
    std::string pack_path;  // of this model's pack, there or to be written; "" = no pack may be
    // One line each: a file that was replaced, a storage that could not be measured.
    std::function<void(const std::string& line)> on_note = {};
    PlanProgressSink on_progress = {};
    // Asked before a pack is written, on the planning thread; false = plan without one. Empty =
    // it may be written.
    std::function<bool(const PackOffer& offer)> may_write_pack = {};
};

class PlanMaker {
  public:
    // `gguf` must outlive it.
    static Result<PlanMaker> create(const Gguf& gguf, PlanMakerOptions options);

    // The kept plan for this request, if there is one that holds. One that is older than the
    // model's pack was made without knowing of it, and does not.
    std::optional<PlanFile> find(const PlanInputs& inputs) const;

    // Makes a plan, measuring the device and the model where no profile of them is kept (or
    // `measures_again`), writing the pack where the plan needs one, and keeps all of it. Errors:
    // machine where nothing fits (solver.h) or the machine refuses; bad_file for the model;
    // cancelled by on_progress.
    Result<PlanFile> make(const PlanInputs& inputs, bool measures_again);

    // Where they are kept.
    std::string plan_path(const PlanInputs& inputs) const;
    std::string profile_path() const;

  private:
    PlanMaker(const Gguf& gguf, ModelConfig config, const ModelIdentity& identity,
              PlanMakerOptions options);

    std::string device_path() const { return options_.folder + "/device.json"; }
    void note(const Error& error) const;
    Result<DeviceProfile> device(const PlanInputs& inputs, bool measures_again) const;
    std::optional<ModelProfile> kept_profile() const;
    struct Measured {
        ModelProfile profile;
        std::optional<ActivityTrace> trace = {};  // where it was traced just now
    };
    Result<Measured> measure_model(const PlanInputs& inputs) const;
    Result<void> observe_in_memory(const ModelTrial& trial, ModelProfile& profile,
                                   StepProgress& progress) const;
    Result<Solution> solve_for(const PlanInputs& inputs, const DeviceProfile& device,
                               const ModelProfile& profile, const MemoryNeeds& needs,
                               bool may_use_pack) const;
    Result<bool> may_write_pack(const PlanInputs& inputs, const DeviceProfile& device,
                                const ModelProfile& profile, const MemoryNeeds& needs,
                                const Solution& with) const;
    Result<void> write_missing_pack(const DeviceProfile& device, const Measured& model,
                                    const PlanSetting& setting, StepProgress& progress) const;
    Result<Solution> try_out(const PlanInputs& inputs, const DeviceProfile& device,
                             const MemoryNeeds& needs, Solution solution, ModelProfile& profile,
                             StepProgress& progress) const;
    bool has_pack() const;

    const Gguf& gguf_;
    ModelConfig config_;
    ModelIdentity identity_;
    PlanMakerOptions options_;
};

}  // namespace hearth
