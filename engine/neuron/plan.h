// Plan: what a model is run with on one machine: where its FFN weights live, how the active set is
// known, what each segment of memory gets, how reads are made.
//
// The engine takes any plan that holds together and only obeys it. default_plan() (engine/) makes
// one by arithmetic from a memory budget; the planner makes better ones by measuring.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/neuron/neuron_loader.h"
#include "engine/neuron/sparse_ffn.h"

namespace hearth {

// Where the FFN weights live that no segment holds.
enum class FfnPlacement {
    resident,   // nowhere: all are in memory
    by_layer,   // in the model file: whole matrices are streamed, in the order they are used
    by_neuron,  // in a pack: bundles of active neurons are fetched; large batches stream matrices
};
std::string_view to_string(FfnPlacement placement);

// Memory through which matrices are streamed: n_buffers reads are under way or being computed with.
struct StreamPlan {
    size_t chunk_bytes = size_t{4} << 20;  // rows of one matrix that travel together
    size_t n_buffers = 8;

    uint64_t bytes() const { return uint64_t{n_buffers} * chunk_bytes; }
};

struct Plan {
    std::string name;           // for people and statistics; "" = none was needed
    uint64_t budget_bytes = 0;  // what the whole process may have; 0: no limit was given
    size_t n_threads = 0;       // 0 = one per usable core
    // Where they run: on any of these cores, the fast ones of a machine that has slow ones too.
    // Empty, or refused by the system: wherever it puts them.
    std::vector<uint32_t> cores;
    std::optional<SparsityMode> sparsity =
        std::nullopt;  // absent: exact where possible, else dense

    // A file of predictors (engine/model/predictor_file.h) instead of the model's own; "" = those.
    std::string predictor_path;

    FfnPlacement placement = FfnPlacement::resident;
    // by_layer: bytes of FFN matrices that stay in memory, spread evenly over the model so that
    // reads overlap with computing.
    uint64_t resident_ffn_bytes = 0;
    StreamPlan stream;

    // by_neuron only.
    std::string pack_path;
    // Bundles are cached without gate rows, since gates are in memory; predicted mode does without
    // and caches whole bundles when false.
    bool gates_resident = true;
    // Of the gates, bytes that are streamed for every token instead of kept, spread evenly: exact
    // mode where not even all gates fit.
    uint64_t streamed_gate_bytes = 0;
    uint64_t cache_bytes = 0;  // slots of the hot and the cold segment together
    // What the cache has beside cache_bytes while tokens go by neurons: the buffers of `stream` and
    // the scratch of batches, which only dense passes touch. It gives them back before one.
    uint64_t lent_bytes = 0;
    // Per section of the pack, how many records are hot: always in memory, computed without being
    // looked up or predicted. The most frequent by firing_rates; where those are not known, the
    // front of its placement. Empty: none.
    std::vector<uint32_t> hot_records;
    bool fills_cache_at_start = true;
    // Predicted mode: the next layer's predictor is asked one layer early, and what it proposes is
    // read meanwhile (look_ahead.h).
    bool looks_ahead = true;
    // The most tokens of a prompt that read their neurons from the pack together, at most
    // kSparseBatch; larger batches stream whole matrices. 0: as the size of bundles suggests
    // (NeuronStream).
    size_t max_batch_by_neurons = 0;
    // By section and neuron, the share of tokens it fires for: what the cache is filled with, and
    // what it judges neurons by until it has seen for itself. Empty: not known, and the records
    // that are placed first fill it.
    std::vector<std::vector<float>> firing_rates;
    LoaderOptions io;
};

}  // namespace hearth
