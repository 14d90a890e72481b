// Attention: queries, keys, values, rotation, cache, scores, mix, output.
#pragma once

#include <cstddef>

#include "engine/kernels/linear.h"
#include "engine/model/activations.h"
#include "engine/model/config.h"
#include "engine/model/kv_cache.h"
#include "engine/model/rope.h"
#include "engine/model/weights.h"

namespace hearth {

// The tokens of one forward pass: n consecutive positions of one sequence.
struct Batch {
    size_t first = 0;  // position of the first token
    size_t n = 0;
};

// Reads a.normed (n, d_model), writes a.block_output (n, d_model), appends keys and values of the
// batch to the cache. a.rope_cos and a.rope_sin hold the batch's angles. A position attends to
// itself and all before it; what it computes does not depend on how the sequence was cut in
// batches.
void attend(const Compute& compute, const ModelConfig& config, const LayerWeights& weights,
            const Rope& rope, size_t layer, const Batch& batch, KvCache& cache, Activations& a);

}  // namespace hearth
