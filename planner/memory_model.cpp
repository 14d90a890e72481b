#include "planner/memory_model.h"

#include <algorithm>

namespace hearth {
namespace {

// Per neuron of a pack: its place, checksums, its slot and its past in the cache.
constexpr uint64_t kTableBytesPerNeuron = 40;

// The cache works with less than this share of all neurons, but hits next to nothing.
constexpr double kLeastCacheShare = 0.005;

}  // namespace

uint64_t MemoryModel::share_bytes(const PlanSetting& setting, double share) const {
    const uint64_t all = setting.placement == FfnPlacement::by_neuron
                             ? n_neurons() * cost_.record_bytes(setting.gates_resident)
                             : sizes_.ffn_bytes();
    return static_cast<uint64_t>(static_cast<double>(all) * share);
}

MemoryUse MemoryModel::use(const PlanSetting& setting) const {
    MemoryUse use;
    use.fixed = fixed_bytes_;
    switch (setting.placement) {
        case FfnPlacement::resident:
            use.hot = sizes_.ffn_bytes();
            break;
        case FfnPlacement::by_layer:
            use.staging = staging_bytes_;
            use.hot = share_bytes(setting, setting.hot_share);
            break;
        case FfnPlacement::by_neuron:
            use.staging = staging_bytes_;
            use.tables = n_neurons() * kTableBytesPerNeuron;
            use.gates = setting.gates_resident ? sizes_.gate.bytes : 0;
            use.hot = share_bytes(setting, setting.hot_share);
            use.cold = share_bytes(setting, setting.cache_share);
            break;
    }
    return use;
}

bool MemoryModel::fit(PlanSetting& setting, uint64_t budget_bytes) const {
    const bool by_neuron = setting.placement == FfnPlacement::by_neuron;
    double& share = by_neuron ? setting.cache_share : setting.hot_share;
    share = 0.0;
    const uint64_t least = use(setting).total();
    if (least > budget_bytes) return false;
    if (setting.placement == FfnPlacement::resident) return true;
    const auto all = static_cast<double>(std::max<uint64_t>(1, share_bytes(setting, 1.0)));
    const double most = by_neuron ? 1.0 - setting.hot_share : 1.0;
    share = std::min(most, static_cast<double>(budget_bytes - least) / all);
    return !by_neuron || share >= kLeastCacheShare;
}

}  // namespace hearth
