#include "engine/streams.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/config.h"
#include "engine/model/weights.h"
#include "engine/neuron/model_identity.h"

namespace hearth {

Result<Streams> open_streams(const Model& model, const BundleStore::Progress& on_progress) {
    Streams streams;
    const Plan& plan = model.plan();
    if (model.weights().streamed_bytes == 0) return streams;
    std::vector<std::string> paths;
    for (size_t i = 0; i < model.gguf().n_files(); ++i) {
        paths.push_back(model.gguf().file(i).path());
    }
    size_t max_row_bytes = 0;
    for (const LayerWeights& layer : model.weights().layers) {
        for (const MatrixView& matrix :
             {layer.ffn.front().gate, layer.ffn.front().up, layer.ffn.front().down}) {
            max_row_bytes = std::max(max_row_bytes, matrix.stride_bytes);
        }
    }
    HEARTH_TRY(streams.rows,
               RowStream::create(std::move(paths), plan.stream, plan.io, max_row_bytes));
    if (plan.placement != FfnPlacement::by_neuron) return streams;
    HEARTH_TRY(const ModelIdentity identity, identify_model(model.gguf()));
    HEARTH_TRY(auto store, BundleStore::open(plan, identity, model.gguf().path()));
    HEARTH_TRY_VOID(store->fill(on_progress));
    streams.neurons = std::make_unique<NeuronStream>(
        std::move(store), model.config().d_model, model.config().d_ff,
        model.weights().max_predictor_rank, plan.max_batch_by_neurons);
    return streams;
}

void StreamTotals::leave_out_hits(const StreamTotals& from, const StreamTotals& to) {
    hot_hits += to.hot_hits - from.hot_hits;
    cold.hits += to.cold.hits - from.cold.hits;
    cold.misses += to.cold.misses - from.cold.misses;
    cold.pending += to.cold.pending - from.cold.pending;
    cold.evictions += to.cold.evictions - from.cold.evictions;
}

void Streams::clear() {
    if (rows) rows->clear();
}

// What was read ahead for the one kind is of no use to the other: by neurons gates are streamed at
// most.
Result<void> Streams::begin_by_neuron(Activations& a) {
    if (!neurons || std::exchange(is_by_neuron_, true)) return {};
    rows->release_memory();
    a.release_behind(kSparseBatch);
    return neurons->store().borrow();
}

Result<void> Streams::begin_dense() {
    if (!neurons || !std::exchange(is_by_neuron_, false)) return {};
    rows->clear();
    return neurons->store().give_back();
}

StreamTotals Streams::totals() const {
    StreamTotals totals;
    if (rows) {
        const RowStreamStats io = rows->stats();
        totals = {io.reads, io.bytes, io.wait_seconds, 0, {}};
    }
    if (neurons) {
        const BundleStats bundles = neurons->store().stats();
        totals.reads += bundles.io.reads;
        totals.bytes += bundles.io.bytes;
        totals.stall_seconds += neurons->stall_seconds();
        totals.hot_hits = bundles.hot_hits;
        totals.cold = bundles.cold;
    }
    return totals;
}

void Streams::count_since(const StreamTotals& before, RunStats& stats) const {
    const StreamTotals now = totals();
    stats.io_reads = now.reads - before.reads;
    stats.io_bytes = now.bytes - before.bytes;
    stats.io_stall_seconds = now.stall_seconds - before.stall_seconds;
    if (!neurons) return;
    const BundleStore& store = neurons->store();
    const CacheStats cache = store.cache().stats();
    stats.hot.bytes += store.hot_bytes();
    stats.hot.capacity_bytes = stats.hot.bytes;
    stats.hot.hits = now.hot_hits - before.hot_hits;
    stats.cold.bytes = cache.used_slots * cache.slot_bytes - store.hot_bytes();
    stats.cold.capacity_bytes = cache.n_slots * cache.slot_bytes - store.hot_bytes();
    stats.cold.hits = now.cold.hits - before.cold.hits;
    // A neuron that is still being read ahead is waited for like one that is missing.
    stats.cold.misses =
        now.cold.misses + now.cold.pending - before.cold.misses - before.cold.pending;
    stats.cold.evictions = now.cold.evictions - before.cold.evictions;
}

}  // namespace hearth
