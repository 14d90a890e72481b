// Streams: where the weights of a session come from that are not in memory.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/result.h"
#include "engine/engine.h"
#include "engine/model/activations.h"
#include "engine/neuron/neuron_stream.h"
#include "engine/neuron/row_stream.h"
#include "engine/run_stats.h"

namespace hearth {

// What streams have done since they were opened.
struct StreamTotals {
    uint64_t reads = 0;
    uint64_t bytes = 0;
    double stall_seconds = 0.0;
    uint64_t hot_hits = 0;
    CacheCounts cold;

    // To what is counted from: hits and misses between two moments belong to a batch, not to
    // decode.
    void leave_out_hits(const StreamTotals& from, const StreamTotals& to);
};

struct Streams {
    std::unique_ptr<RowStream> rows;        // whole matrices; none when all are in memory
    std::unique_ptr<NeuronStream> neurons;  // by neuron, where the plan says so

    // Forgets what was read ahead: the next pass begins somewhere else.
    void clear();
    // The next passes go by neurons: the cache gets the memory that only dense ones need, their
    // stream's and that of `a`. And the other way round. Nothing happens when it is so already, nor
    // where neurons are in memory.
    Result<void> begin_by_neuron(Activations& a);
    Result<void> begin_dense();

    StreamTotals totals() const;
    // Puts what happened since `before`, and what the cache holds now, into the statistics.
    void count_since(const StreamTotals& before, RunStats& stats) const;

  private:
    bool is_by_neuron_ = false;
};

// What the model's plan asks for; a pack's cache is filled, which may take seconds. Errors: files
// that are missing, damaged or another model's, too little memory in the plan, and stopped by
// `on_progress` (which may be empty).
Result<Streams> open_streams(const Model& model, const BundleStore::Progress& on_progress);

}  // namespace hearth
