#include "planner/memory_model.h"

#include <algorithm>

#include "engine/default_plan.h"
#include "engine/neuron/bundle_store.h"

namespace hearth {
namespace {

// Per neuron of a pack: its place, checksums, its slot and its past in the cache, how often it is
// expected to fire and how often it did.
constexpr uint64_t kTableBytesPerNeuron = 52;

// The cache works with less than this share of all neurons, but hits next to nothing.
constexpr double kLeastCacheShare = 0.005;

// Two claims of the store, and something for records that are padded more than was thought.
constexpr double kLeastSlots = 2.5 * BundleStore::kMaxClaim;

// Of all neurons, those that get a slot before gates get any memory.
constexpr double kFirstSlots = 0.2;

}  // namespace

BaseMemory BaseMemory::of(const MemoryNeeds& needs) {
    return {needs.fixed(), needs.batches, stream_plan(needs.weights)};
}

uint64_t MemoryModel::share_bytes(const PlanSetting& setting, double share) const {
    const uint64_t all = setting.placement == FfnPlacement::by_neuron
                             ? n_neurons() * cost_.record_bytes(setting.gates_resident)
                             : sizes_.ffn_bytes();
    return static_cast<uint64_t>(static_cast<double>(all) * share);
}

// Where memory is short, embeddings stay in the file and predictors are for predicted mode alone.
uint64_t MemoryModel::fixed_bytes(const PlanSetting& setting) const {
    if (setting.placement == FfnPlacement::resident) return base_.fixed_bytes;
    const bool drops_predictors =
        setting.mode != SparsityMode::predicted && !sizes_.predictors_are_apart;
    const uint64_t dropped =
        sizes_.embedding_bytes + (drops_predictors ? sizes_.predictors.bytes : 0);
    return base_.fixed_bytes - std::min(base_.fixed_bytes, dropped);
}

MemoryUse MemoryModel::use(const PlanSetting& setting) const {
    MemoryUse use;
    use.fixed = fixed_bytes(setting);
    if (setting.mode == SparsityMode::predicted && sizes_.predictors_are_apart) {
        use.predictors = sizes_.predictors.bytes;
    }
    switch (setting.placement) {
        case FfnPlacement::resident:
            use.hot = sizes_.ffn_bytes();
            break;
        case FfnPlacement::by_layer:
            use.staging = base_.stream.bytes();
            use.hot = share_bytes(setting, setting.hot_share);
            break;
        case FfnPlacement::by_neuron:
            use.staging = base_.stream.bytes() + NeuronLoader::kLandingBytes;
            use.lent = lendable_bytes(base_.batch_bytes, base_.stream, setting.mode,
                                      setting.gates_resident && setting.gates_kept < 1.0);
            use.tables = n_neurons() * kTableBytesPerNeuron;
            use.gates = setting.gates_resident
                            ? static_cast<uint64_t>(setting.gates_kept *
                                                    static_cast<double>(sizes_.gate.bytes))
                            : 0;
            use.hot = share_bytes(setting, setting.hot_share);
            use.cold = share_bytes(setting, setting.cache_share);
            break;
    }
    return use;
}

bool MemoryModel::fit(PlanSetting& setting, uint64_t budget_bytes) const {
    switch (setting.placement) {
        case FfnPlacement::resident:
            return use(setting).total() <= budget_bytes;
        case FfnPlacement::by_layer: {
            setting.hot_share = 0.0;
            const uint64_t least = use(setting).total();
            if (least > budget_bytes) return false;
            const auto all = static_cast<double>(std::max<uint64_t>(1, sizes_.ffn_bytes()));
            setting.hot_share = std::min(1.0, static_cast<double>(budget_bytes - least) / all);
            return true;
        }
        case FfnPlacement::by_neuron:
            return fit_by_neuron(setting, budget_bytes);
    }
    return false;
}

// A slot for a neuron that fires in one token of ten saves as much reading as the same bytes of
// gates: so some slots come first, then gates, then the other slots.
bool MemoryModel::fit_by_neuron(PlanSetting& setting, uint64_t budget_bytes) const {
    const auto gates = setting.gates_resident ? static_cast<double>(sizes_.gate.bytes) : 0.0;
    const auto all = static_cast<double>(std::max<uint64_t>(1, share_bytes(setting, 1.0)));
    // What gates are streamed through is not lent: first without, then with.
    for (const bool streams_gates : {false, true}) {
        PlanSetting bare = setting;
        bare.gates_kept = streams_gates ? 0.0 : 1.0;
        bare.hot_share = bare.cache_share = 0.0;
        const uint64_t least = use(bare).total() - use(bare).gates;
        if (least > budget_bytes) return false;
        const auto rest = static_cast<double>(budget_bytes - least);
        const double slots =
            std::min(all, std::max(rest - gates, std::min(rest, kFirstSlots * all)));
        setting.gates_kept = gates > 0.0 ? std::min(1.0, (rest - slots) / gates) : 1.0;
        setting.cache_share = slots / all - setting.hot_share;
        if (setting.gates_kept >= 1.0) break;
    }
    // A predictor's proposals are checked gate by gate: those must be at hand.
    if (setting.mode == SparsityMode::predicted && setting.gates_kept < 1.0) return false;
    if (setting.cache_share < kLeastCacheShare) return false;
    const double own_share = setting.cache_share - static_cast<double>(use(setting).lent) / all;
    return own_share >= kLeastCacheShare &&
           own_share * static_cast<double>(n_neurons()) >= kLeastSlots;
}

}  // namespace hearth
