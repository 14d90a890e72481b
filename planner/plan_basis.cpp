#include "planner/plan_basis.h"

#include <algorithm>

#include "planner/cost_model.h"

namespace hearth {

PlanBasis basis_of(const DeviceProfile& device, const ModelProfile& model,
                   const PlanSetting& setting) {
    constexpr double kShallow = 8.0;
    const std::vector<double>& read = device.compute.read;
    const ModelSizes& sizes = model.sizes;
    PlanBasis basis;
    basis.measured_at = device.measured_at;
    basis.n_cores = device.identity.n_cores;
    basis.clusters = share_clusters(device.classes, setting.n_threads).classes;
    basis.read_gbps = read[std::min(setting.n_threads, read.size()) - 1];
    basis.one_thread_gbps = read.front();
    basis.gathered_gbps =
        device.compute.kernel(sizes.packed_down.dtype, setting.n_threads).accumulated;
    basis.record_bytes = CostModel(device, model).record_bytes(setting.gates_resident);
    const auto record = static_cast<double>(basis.record_bytes);
    const auto depth = static_cast<double>(setting.queue_depth);
    basis.reads_per_second = device.storage.reads_per_second(record, depth);
    basis.shallow_reads_per_second = device.storage.reads_per_second(record, kShallow);
    basis.sequential_gbps = device.storage.sequential_gbps;
    basis.ffn_bytes = sizes.ffn_bytes();
    basis.n_neurons = uint64_t{sizes.n_sections()} * sizes.d_ff;
    basis.text_tokens = model.n_tokens;
    basis.active = model.active_fraction();
    basis.persistence = model.persistence;
    basis.own_tokens = model.own_tokens;
    basis.own_share = model.own_share;
    for (const Observation& seen : model.observations) {
        if (basis.recall == 0.0) basis.recall = seen.recall;
        if (are_alike(seen.setting, setting)) basis.tried_tokens += seen.n_tokens;
    }
    return basis;
}

}  // namespace hearth
