// CostModel: how long one decoded token takes with a setting (design.md 6.3, powerinfer2.md 1.7).
//
//   T = attention + head + sum over layers of (predict + gates + neurons) + loops + reading's
//       processor time + stall
//   gates, neurons: in clusters, which classes of cores share out unevenly (core_shares.h)
//   neurons = up and down of those that fire, at the speed of gathered rows
//   stall   = per layer, what its reads take beyond the computing that can hide them
//   misses  = neurons that fire and are neither hot nor cached: 1 - h(M), from the hit-rate curve
//   reads   = misses that do not travel with another; bytes = misses and the gaps between those
//             that do
//
// Rates come from the device profile, counts from the model profile. What was really measured with
// this model on this device corrects both: computing by a factor per placement and mode, reading by
// a surcharge per read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "planner/device_profile.h"
#include "planner/model_profile.h"
#include "planner/plan_setting.h"

namespace hearth {

// Where the time of one token goes, in seconds, and what it reads.
struct TokenCost {
    double attention = 0.0;  // with KV cache and norms
    double head = 0.0;
    double predict = 0.0;
    double gates = 0.0;    // dense FFNs: all three matrices
    double neurons = 0.0;  // up and down rows of those that fire
    double loops = 0.0;    // handing work to threads
    double io_cpu = 0.0;   // processor time of reads
    double stall = 0.0;
    double reads = 0.0;
    double bytes = 0.0;  // read from storage
    double hot_hits = 0.0;
    double cold_hits = 0.0;

    double compute() const { return attention + head + predict + gates + neurons + loops + io_cpu; }
    double seconds() const { return compute() + stall; }
    double tokens_per_second() const { return 1.0 / seconds(); }
};

class CostModel {
  public:
    // Both must outlive it. `context` is the number of cached positions that are attended to.
    CostModel(const DeviceProfile& device, const ModelProfile& model, size_t context = 256);

    TokenCost cost(const PlanSetting& setting) const;

    // Bytes of one read and of one slot in the cache: up and down, or the whole bundle, rounded up
    // to what the device reads.
    uint64_t record_bytes(bool gates_resident) const;

  private:
    // How what was measured compares with what is modelled, for settings alike.
    struct Correction {
        PlanSetting setting;
        double compute_factor = 1.0;
        double reads_factor = 1.0;    // gates that open for nothing, neighbours that are joined
        double stall_factor = 1.0;    // at most 1
        double stall_per_read = 0.0;  // seconds, where more was measured than modelled
    };
    Correction correct(const Observation& seen) const;

    // Everything but reading, uncorrected; then reading, which hides behind what is there already.
    TokenCost computing(const PlanSetting& setting) const;
    void add_ffn(const PlanSetting& setting, TokenCost& cost) const;
    void add_reading(const PlanSetting& setting, double reads_factor, TokenCost& cost) const;
    void add_bundle_reads(const PlanSetting& setting, double reads_factor, TokenCost& cost) const;
    void add_layer_streaming(const PlanSetting& setting, TokenCost& cost) const;
    double sequential_rate() const;
    double dense_seconds(const PartSize& part, size_t n_threads) const;
    static void scale(TokenCost& cost, double factor);
    const Correction* nearest(const PlanSetting& setting) const;

    const DeviceProfile& device_;
    const ModelProfile& model_;
    double context_;
    std::vector<Correction> corrections_;
};

}  // namespace hearth
