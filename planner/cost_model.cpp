#include "planner/cost_model.h"

#include <algorithm>
#include <cmath>

#include "engine/base/aligned_buffer.h"
#include "planner/plan_from_solution.h"

namespace hearth {
namespace {

// Parallel loops of a decode step: per layer norms, quantization, projections, attention, FFN.
constexpr double kLoopsPerLayer = 12.0;
constexpr double kLoopsPerToken = 4.0;

// A predictor proposes more than what fires: about this many times as much at 98 % recall.
constexpr double kProposedPerActive = 1.3;

// What a correction may be: beyond it a measurement was disturbed.
constexpr double kMostFactor = 20.0;

double gb(uint64_t bytes) {
    return static_cast<double>(bytes) * 1e-9;
}

}  // namespace

CostModel::CostModel(const DeviceProfile& device, const ModelProfile& model, size_t context)
    : device_(device), model_(model), context_(static_cast<double>(context)) {
    for (const Observation& seen : model.observations) {
        if (seen.setting.placement != FfnPlacement::by_neuron || seen.reads <= 0.0) continue;
        TokenCost modelled = computing(seen.setting);
        add_reading(seen.setting, modelled);
        if (modelled.reads <= 0.0) continue;
        reads_factor_ = std::clamp(seen.reads / modelled.reads, 1.0 / kMostFactor, kMostFactor);
        break;  // the newest
    }
    for (const Observation& seen : model.observations) {
        TokenCost modelled = computing(seen.setting);
        const double modelled_compute = modelled.compute();
        add_reading(seen.setting, modelled);
        const double compute = seen.seconds - seen.stall_seconds - modelled.io_cpu;
        Correction correction{seen.setting.placement, seen.setting.mode, seen.setting.n_threads};
        correction.compute_factor =
            std::clamp(compute / modelled_compute, 1.0 / kMostFactor, kMostFactor);
        modelled = computing(seen.setting);
        scale(modelled, correction.compute_factor);
        add_reading(seen.setting, modelled);
        if (modelled.stall > seen.stall_seconds) {
            correction.stall_factor = seen.stall_seconds / modelled.stall;
        } else if (modelled.reads > 0.0) {
            correction.stall_per_read = (seen.stall_seconds - modelled.stall) / modelled.reads;
        }
        corrections_.push_back(correction);
    }
}

uint64_t CostModel::record_bytes(bool gates_resident) const {
    const ModelSizes& sizes = model_.sizes;
    const uint64_t n = std::max<uint64_t>(1, sizes.n_sections() * sizes.d_ff);
    const uint64_t bytes =
        (sizes.up.bytes + sizes.down.bytes + (gates_resident ? 0 : sizes.gate.bytes)) / n;
    return round_up<uint64_t>(std::max<uint64_t>(1, bytes),
                              choose_alignment(device_.storage, bytes));
}

TokenCost CostModel::cost(const PlanSetting& setting) const {
    TokenCost cost = computing(setting);
    const Correction* const correction = nearest(setting);
    if (correction != nullptr) scale(cost, correction->compute_factor);
    add_reading(setting, cost);
    if (correction != nullptr && correction->placement == setting.placement) {
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

// The same placement, mode and threads, then what differs least; the mode must be the same.
const CostModel::Correction* CostModel::nearest(const PlanSetting& setting) const {
    const auto distance = [&](const Correction& c) {
        return (c.placement != setting.placement ? 1000.0 : 0.0) +
               std::abs(static_cast<double>(c.n_threads) - static_cast<double>(setting.n_threads));
    };
    const Correction* best = nullptr;
    for (const Correction& c : corrections_) {
        if (c.mode != setting.mode) continue;
        if (best == nullptr || distance(c) < distance(*best)) best = &c;
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
    // What is streamed by layers is computed densely; only matrices in memory go by neurons.
    const double sparse_share = setting.mode == SparsityMode::dense           ? 0.0
                                : setting.placement == FfnPlacement::by_layer ? setting.hot_share
                                                                              : 1.0;
    add_ffn(setting, sparse_share, cost);
    return cost;
}

double CostModel::dense_seconds(const PartSize& part, size_t n_threads) const {
    return gb(part.bytes) / device_.compute.kernel(part.dtype, n_threads).dense;
}

void CostModel::add_ffn(const PlanSetting& setting, double sparse_share, TokenCost& cost) const {
    const ModelSizes& sizes = model_.sizes;
    const ComputeRates& rates = device_.compute;
    const size_t n = setting.n_threads;
    const double used = sizes.used_share();
    const double gates = used * dense_seconds(sizes.gate, n);
    const double others = used * (dense_seconds(sizes.up, n) + dense_seconds(sizes.down, n));
    cost.gates = (1.0 - sparse_share) * (gates + others);
    if (sparse_share == 0.0) return;
    const double active = model_.active_fraction();
    if (setting.mode == SparsityMode::predicted) {
        const double proposed = std::min(1.0, active * kProposedPerActive);
        cost.predict = sparse_share * dense_seconds(sizes.predictors, n);
        cost.neurons = sparse_share * used * proposed * gb(sizes.gate.bytes) /
                       rates.kernel(sizes.gate.dtype, n).picked;
    } else {
        cost.gates += sparse_share * gates;
    }
    cost.neurons += sparse_share * used * active *
                    (gb(sizes.up.bytes) / rates.kernel(sizes.up.dtype, n).picked +
                     gb(sizes.down.bytes) / rates.kernel(sizes.down.dtype, n).accumulated);
}

void CostModel::add_reading(const PlanSetting& setting, TokenCost& cost) const {
    if (setting.placement == FfnPlacement::by_neuron) add_bundle_reads(setting, cost);
    if (setting.placement == FfnPlacement::by_layer) add_layer_streaming(setting, cost);
}

// by_neuron: a layer's misses are read together, and hide behind the computing of what is there.
void CostModel::add_bundle_reads(const PlanSetting& setting, TokenCost& cost) const {
    const ModelSizes& sizes = model_.sizes;
    const auto n_layers = static_cast<double>(sizes.n_layers);
    const auto hits = model_.hit_rate.at(setting.hot_share, setting.cache_share);
    cost.hot_hits = hits.hot_hits;
    cost.cold_hits = hits.cold_hits;
    const double demanded = static_cast<double>(sizes.n_sections() * sizes.d_ff) *
                            sizes.used_share() * model_.active_fraction() *
                            (setting.mode == SparsityMode::predicted ? kProposedPerActive : 1.0);
    cost.reads = reads_factor_ * demanded * (1.0 - hits.hot_hits) * (1.0 - hits.cold_hits);
    const auto record = static_cast<double>(record_bytes(setting.gates_resident));
    cost.bytes = cost.reads * record;
    const double per_layer = cost.reads / n_layers;
    const double depth = std::clamp(per_layer, 1.0, static_cast<double>(setting.queue_depth));
    const double reading = per_layer / device_.storage.reads_per_second(record, depth);
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
    cost.io_cpu = cost.reads * device_.storage.cpu_us(record, depth) * 1e-6 /
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
