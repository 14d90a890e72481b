// Learner: what the answers of one session make fire, added to the model's profile when it ends.
//
// The next launch fills its cache by it, hottest first for what this person talks about; the pack
// on disk stays as it lies. Used by the engine thread.
#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "planner/firing_counts.h"

namespace hearth {

class Learner {
  public:
    // `plans_folder` is where profiles are kept. nullptr where nothing can be learned: all of the
    // model is in memory, or no profile of it is kept.
    static std::unique_ptr<Learner> create(const Model& model, std::string plans_folder);

    // For the session; the learner must outlive it.
    FiringSink sink();

    // Adds what was counted to the profile, once: atomically, and where that fails only the log
    // hears of it.
    void keep();

  private:
    Learner(const Model& model, std::string plans_folder, const TraceShape& shape)
        : model_(model), plans_folder_(std::move(plans_folder)), counts_(shape) {}

    const Model& model_;
    std::string plans_folder_;
    FiringCounts counts_;
};

}  // namespace hearth
