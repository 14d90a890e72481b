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

// Which positions get logits: none (prefill before its last batch), the last, or all (scoring).
enum class Logits { none, last, all };

// Computes `tokens` (at most a.max_batch) at positions first, first + 1, ... of the sequence whose
// earlier positions are in the cache. FFNs are computed by neurons as `run` says where they can be
// and the batch is not too large (go_by_neurons()), else densely. Logits go to a.logits: row 0 for
// `last`, row t for `all`. When compute.stop was set the outputs mean nothing. Fails when weights
// cannot be read; whatever happened, the cache is unchanged below `first`.
Result<NeuronCount> forward(const Compute& compute, const ModelConfig& config,
                            const Weights& weights, const Rope& rope, std::span<const Token> tokens,
                            size_t first, Logits logits, const FfnRun& run, KvCache& cache,
                            Activations& a);

}  // namespace hearth
