#include "engine/model/ffn.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "engine/base/check.h"

namespace hearth {

namespace {

using Activation = void (*)(const float* gate, const float* up, float* out, size_t n);

Activation activation_kernel(const KernelTable& kernels, FfnActivation activation) {
    switch (activation) {
        case FfnActivation::silu:
            return kernels.silu_mul;
        case FfnActivation::gelu:
            return kernels.gelu_mul;
        case FfnActivation::relu:
            return kernels.relu_mul;
        case FfnActivation::drelu:
            return kernels.drelu_mul;
    }
    return nullptr;
}

// a.gate = act(a.gate) * a.up for all tokens.
void activate(const Compute& compute, const ModelConfig& config, size_t n_tokens, Activations& a) {
    const Activation act = activation_kernel(compute.kernels, config.activation);
    const size_t d_ff = config.d_ff;
    compute.pool.parallel_for(n_tokens, 4, [&](size_t begin, size_t end, size_t) {
        act(a.gate.data() + begin * d_ff, a.up.data() + begin * d_ff, a.gate.data() + begin * d_ff,
            (end - begin) * d_ff);
    });
}

// Columns of a transposed down matrix that one worker sums: whole blocks of every type.
constexpr size_t kColumnSlice = 256;

// Rows of a down over which tokens take turns: about half of a core's cache.
constexpr size_t kDownRows = 256;

// out += factor x down for rows [begin, end) of a chunk and some of its columns: the rows whose
// factor is not zero, in order.
void add_rows(const Compute& compute, const MatrixView& columns, size_t begin, size_t end,
              const float* factor, float* out) {
    constexpr size_t kGroup = 64;
    std::array<uint32_t, kGroup> rows;
    std::array<float, kGroup> factors;
    for (size_t i = begin; i < end && !compute.stopped();) {
        size_t n = 0;
        for (; i < end && n < kGroup; ++i) {
            if (factor[i] == 0.0F) continue;
            rows[n] = static_cast<uint32_t>(i);
            factors[n++] = factor[i];
        }
        compute.kernels.accumulate_rows(columns, rows.data(), factors.data(), n, out);
    }
}

// out += a.gate x down for rows [first_row, ...) of a down (d_ff, d_model): for each token the sum
// of its active neurons' rows. A worker has a slice of columns, wide because rows are read piece by
// piece, and visits the neurons in order: that fixes the order of sums. A row of which no token
// needs anything is not touched.
void add_transposed_down(const Compute& compute, const ModelConfig& config, const RowChunk& chunk,
                         size_t n_tokens, float* out, const Activations& a) {
    const MatrixView& down = chunk.rows;
    const size_t block = traits(down.dtype).block_elements;
    const size_t slice = round_up(down.cols / compute.pool.n_threads() + 1, kColumnSlice);
    const size_t n_together = n_tokens == 1 ? down.rows : kDownRows;
    compute.pool.parallel_for(down.cols, slice, [&](size_t begin, size_t end, size_t) {
        MatrixView columns = down;
        columns.data += begin / block * traits(down.dtype).block_bytes;
        columns.cols = end - begin;
        for (size_t i = 0; i < down.rows; i += n_together) {
            for (size_t t = 0; t < n_tokens; ++t) {
                add_rows(compute, columns, i, std::min(down.rows, i + n_together),
                         a.gate.data() + t * config.d_ff + chunk.first_row,
                         out + t * config.d_model + begin);
            }
        }
    });
}

NeuronCount count_active(const Compute& compute, const ModelConfig& config, size_t n_tokens,
                         const Activations& a) {
    if (!config.is_sparse()) return {};
    std::atomic<uint64_t> active{0};
    const size_t n = n_tokens * config.d_ff;
    compute.pool.parallel_for(n, size_t{1} << 16, [&](size_t begin, size_t end, size_t) {
        active += static_cast<uint64_t>(std::count_if(a.gate.data() + begin, a.gate.data() + end,
                                                      [](float x) { return x != 0.0F; }));
    });
    return {n, active.load()};
}

// Hands out the rows of a matrix: all at once when it is in memory, else as they arrive.
template <typename Body>
Result<void> for_rows(const Compute& compute, const MatrixView& matrix, RowStream* rows,
                      const Body& body) {
    if (matrix.data != nullptr) {
        body(RowChunk{matrix, 0});
        return {};
    }
    HEARTH_CHECK(rows != nullptr);
    for (size_t done = 0; done < matrix.rows;) {
        HEARTH_TRY(const RowChunk chunk, rows->next(compute.stop));
        body(chunk);
        done += chunk.rows.rows;
    }
    return {};
}

// out (n_tokens, matrix.rows) = matrix x input.
Result<void> multiply_rows(const Compute& compute, const MatrixView& matrix, RowStream* rows,
                           const ActivationView& input, float* out) {
    return for_rows(compute, matrix, rows, [&](const RowChunk& chunk) {
        const std::array product{Product{chunk.rows, nullptr, out + chunk.first_row, matrix.rows}};
        multiply(compute, input, product);
    });
}

// a.gate and a.up. Both in one loop where both are in memory.
Result<void> multiply_gate_up(const Compute& compute, const ModelConfig& config,
                              const FfnWeights& weights, RowStream* rows, const float* x,
                              size_t n_tokens, Activations& a) {
    const std::array gate_up{Product{weights.gate, nullptr, a.gate.data(), config.d_ff},
                             Product{weights.up, nullptr, a.up.data(), config.d_ff}};
    const ActivationView input =
        prepare_input(compute, x, n_tokens, config.d_model, gate_up, a.quantized);
    if (weights.gate.data != nullptr && weights.up.data != nullptr) {
        multiply(compute, input, gate_up);
        return {};
    }
    HEARTH_TRY_VOID(multiply_rows(compute, weights.gate, rows, input, a.gate.data()));
    return multiply_rows(compute, weights.up, rows, input, a.up.data());
}

}  // namespace

Result<void> enqueue_streamed(const FfnWeights& weights, RowStream& rows) {
    if (weights.gate.data == nullptr) {
        HEARTH_TRY_VOID(rows.enqueue(weights.gate, weights.gate_place));
    }
    if (weights.up.data == nullptr) HEARTH_TRY_VOID(rows.enqueue(weights.up, weights.up_place));
    if (weights.down.data != nullptr) return {};
    return rows.enqueue(weights.down, weights.down_place);
}

Result<NeuronCount> feed_forward(const Compute& compute, const ModelConfig& config,
                                 const FfnWeights& weights, RowStream* rows, const float* x,
                                 size_t n_tokens, float* out, Activations& a) {
    HEARTH_TRY_VOID(multiply_gate_up(compute, config, weights, rows, x, n_tokens, a));
    activate(compute, config, n_tokens, a);
    if (a.firing.has_listener()) a.firing.tell(a.gate.data(), n_tokens, config.d_ff);
    if (weights.down_is_transposed) {
        std::fill_n(out, n_tokens * config.d_model, 0.0F);
        HEARTH_TRY_VOID(for_rows(compute, weights.down, rows, [&](const RowChunk& chunk) {
            add_transposed_down(compute, config, chunk, n_tokens, out, a);
        }));
    } else {
        const std::array down{Product{weights.down, nullptr, out, config.d_model}};
        const ActivationView input =
            prepare_input(compute, a.gate.data(), n_tokens, config.d_ff, down, a.quantized);
        HEARTH_TRY_VOID(multiply_rows(compute, weights.down, rows, input, out));
    }
    return count_active(compute, config, n_tokens, a);
}

namespace {

// The gate rows of one cluster.
MatrixView cluster_gates(const ModelConfig& config, const FfnWeights& weights, size_t cluster) {
    MatrixView gates = weights.gate;
    gates.rows = lane_begin(cluster + 1, config.d_ff) - lane_begin(cluster, config.d_ff);
    return gates;
}

Result<void> enqueue_probe(const ModelConfig& config, const FfnWeights& weights,
                           const RecallProbe& probe, RowStream& rows) {
    MatrixPlace place = weights.gate_place;
    place.offset += lane_begin(probe.cluster, config.d_ff) * weights.gate.stride_bytes;
    return rows.enqueue(cluster_gates(config, weights, probe.cluster), place);
}

// Of the open gates of a cluster, how many belong to neurons that were proposed.
Result<NeuronCount> probe_recall(const Compute& compute, const ModelConfig& config,
                                 const FfnWeights& weights, const FfnRun& run,
                                 const ActivationView& input, SparseScratch& scratch) {
    const size_t cluster = run.probe->cluster;
    const MatrixView gates = cluster_gates(config, weights, cluster);
    HEARTH_TRY_VOID(multiply_rows(compute, gates, run.rows, input, scratch.gate.data()));
    const std::span<const uint32_t> proposed = run.neurons->candidates(cluster);
    const size_t first = lane_begin(cluster, config.d_ff);
    NeuronCount count;
    for (size_t i = 0; i < gates.rows; ++i) {
        if (!(scratch.gate[i] > 0.0F)) continue;
        ++count.sampled;
        if (std::binary_search(proposed.begin(), proposed.end(), first + i)) ++count.recalled;
    }
    return count;
}

}  // namespace

Result<NeuronCount> feed_forward_sparse(const Compute& compute, const ModelConfig& config,
                                        FfnPlace place, const FfnWeights& weights,
                                        const Predictor& predictor, const FfnRun& run, float* out,
                                        Activations& a) {
    const std::array readers{Product{weights.gate}, Product{weights.up}};
    SparseInput input{
        prepare_input(compute, a.normed.data(), 1, config.d_model, readers, a.quantized),
        a.residual.data(), false, run.measures_recall,
        a.firing.has_listener() ? &a.fired : nullptr};
    if (streams_gate(weights, run)) {
        const TraceScope trace(compute.trace, TraceKind::gates);
        HEARTH_TRY_VOID(
            multiply_rows(compute, weights.gate, run.rows, input.normed, a.sparse.gate.data()));
        input.gates_known = true;
    }
    const bool probes = run.probe && run.probe->layer == place.layer && run.neurons != nullptr &&
                        run.neurons->store().holds_gates();
    if (probes) HEARTH_TRY_VOID(enqueue_probe(config, weights, *run.probe, *run.rows));
    NeuronCount count;
    if (run.neurons != nullptr) {
        HEARTH_TRY(count,
                   run.neurons->feed_forward(compute, config.activation, place.layer, place.expert,
                                             weights, predictor, run.mode, input, out, a.sparse));
    } else {
        const TraceScope trace(compute.trace, TraceKind::ffn);
        count = sparse_feed_forward(compute, config.activation, weights, predictor, run.mode, input,
                                    out, a.sparse);
    }
    if (a.firing.has_listener()) a.firing.tell(a.fired);
    if (!probes) return count;
    HEARTH_TRY(const NeuronCount recall,
               probe_recall(compute, config, weights, run, input.normed, a.sparse));
    count += recall;
    return count;
}

Result<NeuronCount> feed_forward_batch(const Compute& compute, const ModelConfig& config,
                                       FfnPlace place, const FfnWeights& weights,
                                       const Predictor& predictor, const FfnRun& run,
                                       const float* x, size_t n_tokens, float* out,
                                       Activations& a) {
    const std::array readers{Product{weights.gate}, Product{weights.up}};
    const ActivationView input =
        prepare_input(compute, x, n_tokens, config.d_model, readers, a.quantized);
    const bool multiplies_gates = run.neurons == nullptr || streams_gate(weights, run);
    if (multiplies_gates) {
        const TraceScope trace(compute.trace, TraceKind::gates);
        HEARTH_TRY_VOID(multiply_rows(compute, weights.gate, run.rows, input, a.gate.data()));
    }
    SparseBatch batch(compute, config.activation, weights, input, a.gate.data(), a.batch);
    NeuronCount count;
    if (run.neurons == nullptr) {
        count = sparse_feed_forward(compute, weights, batch, a.batch, out);
    } else {
        HEARTH_TRY(count,
                   run.neurons->feed_forward(compute, place.layer, place.expert, predictor,
                                             a.residual.data(), multiplies_gates, batch, out));
    }
    if (a.firing.has_listener()) a.firing.tell(a.gate.data(), n_tokens, config.d_ff);
    return count;
}

bool streams_gate(const FfnWeights& weights, const FfnRun& run) {
    return run.neurons != nullptr && !run.neurons->store().holds_gates() &&
           weights.gate.data == nullptr;
}

bool can_run_sparse(const ModelConfig& config, const FfnWeights& weights,
                    const Predictor& predictor, const FfnRun& run) {
    if (run.mode == SparsityMode::dense || !config.is_sparse()) return false;
    if (run.mode == SparsityMode::predicted && !predictor.is_present()) return false;
    if (run.neurons != nullptr) return true;
    return weights.down_is_transposed && weights.is_resident();
}

}  // namespace hearth
