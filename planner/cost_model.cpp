#include "planner/cost_model.h"

#include <algorithm>
#include <cmath>

#include "engine/base/aligned_buffer.h"
#include "planner/core_shares.h"
#include "planner/storage_rates.h"

namespace hearth {
namespace {

// Parallel loops of a decode step: per layer norms, quantization, projections, attention, FFN.
constexpr double kLoopsPerLayer = 12.0;
constexpr double kLoopsPerToken = 4.0;

// A predictor proposes more than what fires: about this many times as much at 98 % recall, until
// reads were counted.
constexpr double kProposedPerActive = 1.3;

// What a correction may be: beyond it a measurement was disturbed.
constexpr double kMostFactor = 20.0;

double gb(uint64_t bytes) {
    return static_cast<double>(bytes) * 1e-9;
}

}  // namespace

CostModel::CostModel(const DeviceProfile& device, const ModelProfile& model, size_t context)
    : device_(device), model_(model), context_(static_cast<double>(context)) {
    for (const Observation& seen : model.observations) corrections_.push_back(correct(seen));
}

CostModel::Correction CostModel::correct(const Observation& seen) const {
    Correction correction{seen.setting};
    TokenCost modelled = computing(seen.setting);
    const double modelled_compute = modelled.compute();
    add_reading(seen.setting, 1.0, modelled);
    if (seen.setting.placement == FfnPlacement::by_neuron && seen.reads > 0.0 &&
        modelled.reads > 0.0) {
        correction.reads_factor =
            std::clamp(seen.reads / modelled.reads, 1.0 / kMostFactor, kMostFactor);
    }
    const double io_cpu = modelled.io_cpu * correction.reads_factor;
    const double compute = seen.seconds - seen.stall_seconds - io_cpu;
    correction.compute_factor =
        std::clamp(compute / modelled_compute, 1.0 / kMostFactor, kMostFactor);
    modelled = computing(seen.setting);
    scale(modelled, correction.compute_factor);
    add_reading(seen.setting, correction.reads_factor, modelled);
    if (modelled.stall > seen.stall_seconds) {
        correction.stall_factor = seen.stall_seconds / modelled.stall;
    } else if (modelled.reads > 0.0) {
        correction.stall_per_read = (seen.stall_seconds - modelled.stall) / modelled.reads;
    }
    return correction;
}

uint64_t CostModel::record_bytes(bool gates_resident) const {
    const ModelSizes& sizes = model_.sizes;
    const uint64_t bytes = sizes.packed_row_bytes + (gates_resident ? 0 : sizes.gate_row_bytes);
    return round_up<uint64_t>(std::max<uint64_t>(1, bytes),
                              std::max<size_t>(1, device_.storage.alignment));
}

TokenCost CostModel::cost(const PlanSetting& setting) const {
    TokenCost cost = computing(setting);
    const Correction* const correction = nearest(setting);
    if (correction != nullptr) scale(cost, correction->compute_factor);
    const bool tells_of_reads =
        correction != nullptr && correction->setting.placement == setting.placement;
    add_reading(setting, tells_of_reads ? correction->reads_factor : 1.0, cost);
    if (tells_of_reads) {
        cost.stall =
            cost.stall * correction->stall_factor + cost.reads * correction->stall_per_read;
    }
    return cost;
}

void CostModel::scale(TokenCost& cost, double factor) {
    for (double* part :
         {&cost.attention, &cost.head, &cost.predict, &cost.gates, &cost.neurons, &cost.loops}) {
        *part *= factor;
    }
}

// What was measured with the setting that differs least: the placement above all, then mode and
// gates, threads, depth, memory. Dense says nothing of sparse. The newest of equals.
const CostModel::Correction* CostModel::nearest(const PlanSetting& setting) const {
    const auto differ = [](double a, double b) { return std::abs(a - b); };
    const auto distance = [&](const PlanSetting& seen) {
        const auto n = [](size_t count) { return static_cast<double>(count); };
        return (seen.placement != setting.placement ? 1000.0 : 0.0) +
               (seen.mode != setting.mode ? 100.0 : 0.0) +
               (seen.gates_resident != setting.gates_resident ? 50.0 : 0.0) +
               differ(n(seen.n_threads), n(setting.n_threads)) +
               0.1 * differ(std::log2(n(seen.queue_depth)), std::log2(n(setting.queue_depth))) +
               differ(seen.hot_share, setting.hot_share) +
               differ(seen.cache_share, setting.cache_share) +
               differ(seen.gates_kept, setting.gates_kept);
    };
    const auto is_dense = [](const PlanSetting& s) { return s.mode == SparsityMode::dense; };
    const Correction* best = nullptr;
    for (const Correction& one : corrections_) {
        if (is_dense(one.setting) != is_dense(setting)) continue;
        if (best == nullptr || distance(one.setting) < distance(best->setting)) best = &one;
    }
    return best;
}

TokenCost CostModel::computing(const PlanSetting& setting) const {
    const ModelSizes& sizes = model_.sizes;
    const ComputeRates& rates = device_.compute;
    TokenCost cost;
    const double read = rates.read[std::min(setting.n_threads, rates.read.size()) - 1];
    cost.attention = dense_seconds(sizes.attention, setting.n_threads) +
                     gb(sizes.kv_bytes_per_token) * context_ / read;
    cost.head = dense_seconds(sizes.head, setting.n_threads);
    cost.loops = rates.loop_us * 1e-6 *
                 (kLoopsPerToken + kLoopsPerLayer * static_cast<double>(sizes.n_layers));
    add_ffn(setting, cost);
    return cost;
}

double CostModel::dense_seconds(const PartSize& part, size_t n_threads) const {
    return gb(part.bytes) / device_.compute.kernel(part.dtype, n_threads).dense;
}

void CostModel::add_ffn(const PlanSetting& setting, TokenCost& cost) const {
    const ModelSizes& sizes = model_.sizes;
    const ComputeRates& rates = device_.compute;
    const size_t n = setting.n_threads;
    const double used = sizes.used_share();
    const double gates = used * dense_seconds(sizes.gate, n);
    if (setting.mode == SparsityMode::dense) {
        cost.gates = gates + used * (dense_seconds(sizes.up, n) + dense_seconds(sizes.down, n));
        return;
    }
    // Clusters are handed out whole: a slow core that took one too many is waited for.
    const double clustered = 1.0 / share_clusters(device_.classes, n).efficiency;
    const double active = model_.active_fraction();
    if (setting.mode == SparsityMode::predicted) {
        const double proposed = std::min(1.0, active * kProposedPerActive);
        cost.predict = clustered * dense_seconds(sizes.predictors, n);
        cost.gates = clustered * used * proposed * gb(sizes.gate.bytes) /
                     rates.kernel(sizes.gate.dtype, n).picked;
    } else {
        cost.gates = clustered * gates;
    }
    const PartSize& down =
        setting.placement == FfnPlacement::by_neuron ? sizes.packed_down : sizes.down;
    cost.neurons = clustered * used * active *
                   (gb(sizes.up.bytes) / rates.kernel(sizes.up.dtype, n).picked +
                    gb(down.bytes) / rates.kernel(down.dtype, n).accumulated);
}

void CostModel::add_reading(const PlanSetting& setting, double reads_factor,
                            TokenCost& cost) const {
    if (setting.placement == FfnPlacement::by_neuron) add_bundle_reads(setting, reads_factor, cost);
    if (setting.placement == FfnPlacement::by_layer) add_layer_streaming(setting, cost);
}

// by_neuron: a layer's misses are read together, and hide behind the computing of what is there.
void CostModel::add_bundle_reads(const PlanSetting& setting, double reads_factor,
                                 TokenCost& cost) const {
    const ModelSizes& sizes = model_.sizes;
    const auto n_layers = static_cast<double>(sizes.n_layers);
    const auto hits = model_.hit_rate.at(setting.hot_share, setting.cache_share);
    cost.hot_hits = hits.hot_hits;
    cost.cold_hits = hits.cold_hits;
    // With gates in memory only what fires is wanted, however much was proposed.
    const double demanded = static_cast<double>(sizes.n_sections() * sizes.d_ff) *
                            sizes.used_share() * model_.active_fraction() *
                            (setting.gates_resident ? 1.0 : kProposedPerActive);
    const double misses = reads_factor * demanded * (1.0 - hits.hot_hits) * (1.0 - hits.cold_hits);
    const uint64_t record = record_bytes(setting.gates_resident);
    const double gap =
        static_cast<double>(choose_gap(device_.storage, record, setting.queue_depth) / record);
    const double joined = hits.joined_over(gap);
    cost.reads = misses * (1.0 - joined);
    // A gap that is read over is half of the widest, on average.
    cost.bytes = misses * (1.0 + joined * gap / 2.0) * static_cast<double>(record);
    const double read = misses > 0.0 ? cost.bytes / cost.reads : static_cast<double>(record);
    const double per_layer = cost.reads / n_layers;
    const double depth = std::clamp(per_layer, 1.0, static_cast<double>(setting.queue_depth));
    const double reading = per_layer / device_.storage.reads_per_second(read, depth);
    const double hiding = cost.neurons / n_layers;
    cost.stall = n_layers * std::max(0.0, reading - hiding);
    // Gates that did not fit come in order, read ahead, while everything else is computed.
    if (setting.gates_resident && setting.gates_kept < 1.0) {
        const double streamed =
            static_cast<double>(sizes.gate.bytes) * sizes.used_share() * (1.0 - setting.gates_kept);
        cost.bytes += streamed;
        cost.stall += std::max(0.0, streamed / sequential_rate() - cost.compute());
    }
    // One thread issues reads while the others compute, so it is shared out.
    cost.io_cpu = cost.reads * device_.storage.cpu_us(read, depth) * 1e-6 /
                  static_cast<double>(setting.n_threads);
}

// Bytes per second of large reads in order.
double CostModel::sequential_rate() const {
    return std::max(device_.storage.sequential_gbps * 1e9,
                    device_.storage.reads_per_second(1 << 20, 8) * (1 << 20));
}

// by_layer: matrices are read ahead in order, so only what computing cannot keep up with stalls.
void CostModel::add_layer_streaming(const PlanSetting& setting, TokenCost& cost) const {
    const ModelSizes& sizes = model_.sizes;
    const double streamed =
        static_cast<double>(sizes.ffn_bytes()) * sizes.used_share() * (1.0 - setting.hot_share);
    constexpr double kChunk = 4 << 20;
    cost.bytes = streamed;
    cost.reads = streamed / kChunk;
    const double rate = sequential_rate();
    cost.io_cpu = cost.reads * device_.storage.cpu_us(kChunk, 4) * 1e-6 /
                  static_cast<double>(setting.n_threads);
    cost.stall = std::max(0.0, streamed / rate - cost.compute());
}

}  // namespace hearth
