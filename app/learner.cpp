#include "app/learner.h"

#include <algorithm>
#include <utility>

#include "engine/base/log.h"
#include "engine/model/config.h"
#include "planner/plan_maker.h"

namespace hearth {

std::unique_ptr<Learner> Learner::create(const Model& model, std::string plans_folder) {
    if (plans_folder.empty() || model.plan().placement != FfnPlacement::by_neuron) return nullptr;
    const ModelConfig& config = model.config();
    const TraceShape shape{config.n_layers, std::max<size_t>(1, config.n_experts), config.d_ff};
    const auto planner = PlanMaker::create(model.gguf(), {.folder = plans_folder});
    if (!planner || !planner->has_profile()) return nullptr;
    return std::unique_ptr<Learner>(new Learner(model, std::move(plans_folder), shape));
}

FiringSink Learner::sink() {
    return [this](const Firing& firing) { (void)counts_.add(firing); };
}

void Learner::keep() {
    if (counts_.n_tokens() == 0) return;
    const auto planner = PlanMaker::create(model_.gguf(), {.folder = plans_folder_});
    auto kept = planner ? planner->learn(counts_) : tl::unexpected(planner.error());
    if (!kept) log("nothing is learned of this conversation: {}", kept.error().message);
    counts_ = FiringCounts(counts_.shape());
}

}  // namespace hearth
