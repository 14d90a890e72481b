#include "planner/plan_from_solution.h"

#include <algorithm>
#include <cmath>

#include "engine/base/aligned_buffer.h"
#include "engine/model/predictor_file.h"
#include "planner/core_shares.h"
#include "planner/storage_rates.h"

namespace hearth {
namespace {

constexpr size_t kSmallAlignment = 512;

// "2.7 GiB #4814": short, and another one for another model.
std::string plan_name(const PlanInputs& inputs, const ModelProfile& model,
                      const Solution& solution) {
    const uint64_t bytes = inputs.budget_bytes != 0 ? inputs.budget_bytes : solution.memory.total();
    const double gib = static_cast<double>(bytes) / (uint64_t{1} << 30);
    const std::string size =
        gib >= 1.0 ? fmt::format("{:.1f} GiB", gib) : fmt::format("{:.0f} MiB", 1024.0 * gib);
    return fmt::format("{} #{}", size, model.identity.substr(0, 4));
}

}  // namespace

std::vector<uint32_t> count_hot(const ModelProfile& model, double share) {
    std::vector<float> all;
    for (const auto& rates : model.firing_rates) all.insert(all.end(), rates.begin(), rates.end());
    std::vector<uint32_t> counts(model.firing_rates.size());
    const auto n = static_cast<size_t>(std::llround(share * static_cast<double>(all.size())));
    if (n == 0) return counts;
    std::nth_element(all.begin(), all.begin() + static_cast<ptrdiff_t>(n - 1), all.end(),
                     std::greater<>());
    const float coldest = all[n - 1];
    size_t left = n;
    for (size_t section = 0; section < counts.size(); ++section) {
        const auto& rates = model.firing_rates[section];
        counts[section] = static_cast<uint32_t>(
            std::count_if(rates.begin(), rates.end(), [&](float rate) { return rate > coldest; }));
        left -= counts[section];
    }
    // Those that are exactly as hot as the coldest one, spread evenly.
    for (size_t section = 0; section < counts.size(); ++section) {
        const auto& rates = model.firing_rates[section];
        const auto ties = static_cast<size_t>(std::count(rates.begin(), rates.end(), coldest));
        const size_t take = std::min(ties, left / (counts.size() - section));
        counts[section] += static_cast<uint32_t>(take);
        left -= take;
    }
    return counts;
}

size_t choose_alignment(const StorageRates& storage, uint64_t record_bytes) {
    if (storage.alignment > kSmallAlignment || storage.alignment <= 1) return kPage;
    constexpr double kDepth = 64;
    const double small = storage.reads_per_second(
        static_cast<double>(round_up<uint64_t>(record_bytes, kSmallAlignment)), kDepth);
    const double large = storage.reads_per_second(
        static_cast<double>(round_up<uint64_t>(record_bytes, kPage)), kDepth);
    // The points were measured at page alignment.
    return small / storage.page_aligned_factor >= large ? kSmallAlignment : kPage;
}

Plan plan_from_solution(const PlanInputs& inputs, const DeviceProfile& device,
                        const ModelProfile& model, const Solution& solution,
                        const StreamPlan& stream, const std::string& pack_path) {
    const PlanSetting& setting = solution.setting;
    Plan plan;
    plan.name = plan_name(inputs, model, solution);
    plan.budget_bytes = inputs.budget_bytes;
    plan.n_threads = setting.n_threads;
    plan.cores = fastest_cores(device.classes, setting.n_threads);
    plan.sparsity = setting.mode;
    plan.placement = setting.placement;
    plan.stream = stream;
    // A ring that was refused later must not be the end of it.
    plan.io.backend = device.storage.backend == LoaderBackend::pread ? LoaderBackend::pread
                                                                     : LoaderBackend::automatic;
    plan.io.n_pread_threads = device.storage.n_pread_threads;
    if (setting.placement == FfnPlacement::by_layer) {
        plan.resident_ffn_bytes = solution.memory.hot;
    }
    if (setting.mode == SparsityMode::predicted && model.sizes.predictors_are_apart) {
        plan.predictor_path = predictor_path_beside(pack_path);
    }
    if (setting.placement != FfnPlacement::by_neuron) return plan;
    plan.gates_resident = setting.gates_resident;
    if (setting.gates_resident) {
        plan.streamed_gate_bytes = model.sizes.gate.bytes - solution.memory.gates;
    }
    plan.pack_path = pack_path;
    plan.cache_bytes = solution.memory.hot + solution.memory.cold - solution.memory.lent;
    plan.lent_bytes = solution.memory.lent;
    plan.hot_records = count_hot(model, setting.hot_share);
    plan.firing_rates = model.demand();
    const uint64_t record = CostModel(device, model).record_bytes(setting.gates_resident);
    plan.io.queue_depth = setting.queue_depth;
    plan.io.gap_bytes = choose_gap(device.storage, record, setting.queue_depth);
    return plan;
}

}  // namespace hearth
