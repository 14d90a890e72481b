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
#include "engine/neuron/pack.h"
#include "planner/device_profile.h"
#include "planner/model_profile.h"
#include "planner/pack_offer.h"
#include "planner/plan_file.h"
#include "planner/progress.h"

namespace hearth {

class ModelTrial;
struct MemoryNeeds;

struct PlanMakerOptions {
    std::string folder;  // of profiles and plans; it exists
    std::string pack_path =
        "";  // of this model's pack, there or to be written; "" = no pack may be
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

    // What make() had no time or nobody to wait for: measures what no profile is kept of, reads the
    // rest of the text for a profile that was made of a part of it, and plans from that. Without a
    // pack that the plan would need it leaves off there: writing one is make()'s. Errors as make().
    Result<void> refine(const PlanInputs& inputs);

    // The kept profile of the model, if there is one that holds.
    std::optional<ModelProfile> kept_profile() const;

    bool has_profile() const { return kept_profile().has_value(); }

    // Adds what conversations made fire to the kept profile: the next launch fills its cache by it.
    // Nothing to do where none is kept. Errors: machine for the disk.
    Result<void> learn(const FiringCounts& conversations) const;

    // Where they are kept.
    std::string plan_path(const PlanInputs& inputs) const;
    std::string profile_path() const;

  private:
    PlanMaker(const Gguf& gguf, ModelConfig config, const ModelIdentity& identity,
              PlanMakerOptions options);

    std::string device_path() const { return options_.folder + "/device.json"; }
    void note(const Error& error) const;
    Result<DeviceProfile> device(const PlanInputs& inputs, bool measures_again) const;
    struct Measured {
        ModelProfile profile;
        std::optional<ActivityTrace> trace = {};  // where it was traced just now
    };
    // Beginning from what is `known`.
    Result<Measured> measure_model(const PlanInputs& inputs, const DeviceProfile& device,
                                   ModelProfile known, double trace_seconds) const;
    Result<void> observe_in_memory(const ModelTrial& trial, const DeviceProfile& device,
                                   ModelProfile& profile, StepProgress& progress) const;
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
    std::optional<Pack> open_pack() const;  // of this model, where there is one
    Result<ModelSizes> sizes() const;

    const Gguf& gguf_;
    ModelConfig config_;
    ModelIdentity identity_;
    PlanMakerOptions options_;
};

}  // namespace hearth
