#include "planner/plan_setting.h"

#include <cmath>

namespace hearth {

bool are_alike(const PlanSetting& a, const PlanSetting& b) {
    constexpr double kLittle = 0.02;
    const bool same = a.placement == b.placement && a.mode == b.mode &&
                      a.n_threads == b.n_threads && a.gates_resident == b.gates_resident &&
                      std::abs(a.gates_kept - b.gates_kept) < kLittle &&
                      std::abs(a.hot_share - b.hot_share) < kLittle &&
                      std::abs(a.cache_share - b.cache_share) < kLittle;
    return same && (a.placement != FfnPlacement::by_neuron || a.queue_depth == b.queue_depth);
}

}  // namespace hearth
