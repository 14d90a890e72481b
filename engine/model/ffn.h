// The feed-forward network: gate and up, activation, down.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/kernels/linear.h"
#include "engine/model/activations.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"
#include "engine/neuron/neuron_stream.h"
#include "engine/neuron/row_stream.h"
#include "engine/neuron/sparse_ffn.h"

namespace hearth {

// One cluster of one layer, whose predicted neurons are compared with its gates.
struct RecallProbe {
    size_t layer = 0;
    size_t cluster = 0;
};

// How FFNs are computed in one forward pass, and where those of their weights come from that are
// not in memory. Owned by the Session.
struct FfnRun {
    SparsityMode mode = SparsityMode::dense;  // of tokens that go by neurons, where a layer can
    bool measures_recall = false;             // of a single token; so is the next
    // Predicted from bundles: no gates are in memory to tell what was missed, so those of one
    // cluster are read from the model file. Absent: not for this token.
    std::optional<RecallProbe> probe = std::nullopt;
    NeuronStream* neurons = nullptr;  // neurons from a pack; none when all are in memory
    RowStream* rows = nullptr;  // whole matrices, in the order of use; none when all are in memory
    bool looks_ahead = false;   // a single token: the next layer's bundles are read, too
    bool another_pass_follows = false;  // so the stream may read ahead into it
};

// Puts the matrices of an FFN that are not in memory into the stream, in the order feed_forward()
// takes them out.
Result<void> enqueue_streamed(const FfnWeights& weights, RowStream& rows);

// Reads x (n_tokens, d_model), writes out (n_tokens, d_model), which may not be x. ReLU models
// count their active neurons; nothing is counted for others. Matrices that are not in memory come
// from the stream, where they must have been enqueued; fails only when that fails.
Result<NeuronCount> feed_forward(const Compute& compute, const ModelConfig& config,
                                 const FfnWeights& weights, RowStream* rows, const float* x,
                                 size_t n_tokens, float* out, Activations& a);

// An FFN by its place in the model.
struct FfnPlace {
    size_t layer = 0;
    size_t expert = 0;
};

// The FFN of one token by neurons, from a.normed and the residual a.residual (d_model), to out
// (d_model), for an FFN that can_run_sparse(). Fails only when neurons cannot be read.
Result<NeuronCount> feed_forward_sparse(const Compute& compute, const ModelConfig& config,
                                        FfnPlace place, const FfnWeights& weights,
                                        const Predictor& predictor, const FfnRun& run, float* out,
                                        Activations& a);

// The same for the tokens of a batch that go_by_neurons(): x (n_tokens, d_model), of which
// a.residual are the residuals, to out (n_tokens, d_model), which may not be x. Wherever gates are
// in memory active neurons are found by them, in predicted mode, too: a batch reads them once for
// all its tokens. Recall is not measured.
Result<NeuronCount> feed_forward_batch(const Compute& compute, const ModelConfig& config,
                                       FfnPlace place, const FfnWeights& weights,
                                       const Predictor& predictor, const FfnRun& run,
                                       const float* x, size_t n_tokens, float* out, Activations& a);

// Whether an FFN that goes by neurons takes its gates from the stream: neurons come from a pack
// without them, and the plan does not keep this matrix.
bool streams_gate(const FfnWeights& weights, const FfnRun& run);

// Whether an FFN can be computed by neurons as `run` says.
bool can_run_sparse(const ModelConfig& config, const FfnWeights& weights,
                    const Predictor& predictor, const FfnRun& run);

// Whether n_tokens go through an FFN that can_run_sparse() by neurons; else densely.
inline bool go_by_neurons(const FfnRun& run, size_t n_tokens) {
    return n_tokens <= (run.neurons != nullptr ? run.neurons->max_batch() : kSparseBatch);
}

}  // namespace hearth
