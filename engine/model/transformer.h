// The forward pass: embed, layers, norm, logits.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/token.h"
#include "engine/kernels/linear.h"
#include "engine/model/activations.h"
#include "engine/model/attention.h"
#include "engine/model/config.h"
#include "engine/model/ffn.h"
#include "engine/model/kv_cache.h"
#include "engine/model/moe.h"
#include "engine/model/rope.h"
#include "engine/model/weights.h"

namespace hearth {

// How one token's FFN is computed where a layer can (ffn.h: can_run_sparse).
struct SparseDecode {
    SparsityMode mode = SparsityMode::dense;
    bool measures_recall = false;
};

// Which positions get logits: none (prefill before its last batch), the last, or all (scoring).
enum class Logits { none, last, all };

// Computes `tokens` (at most a.max_batch) at positions first, first + 1, ... of the sequence whose
// earlier positions are in the cache. A single token goes through its FFNs by neurons as `sparse`
// says, a batch goes densely. Logits go to a.logits: row 0 for `last`, row t for `all`.
// When compute.stop was set the outputs mean nothing; the cache is unchanged below `first`.
NeuronCount forward(const Compute& compute, const ModelConfig& config, const Weights& weights,
                    const Rope& rope, std::span<const Token> tokens, size_t first, Logits logits,
                    SparseDecode sparse, KvCache& cache, Activations& a);

}  // namespace hearth
