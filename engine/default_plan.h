// The plan that needs no measuring: what fits in a memory budget, by arithmetic.
//
// Everything resident where it fits. Else, in order of trust: a ReLU model with a pack decodes by
// neurons, its gates in memory and the rest of the budget caching up and down rows (lossless);
// where not even the gates fit and predicted mode was asked for, whole bundles are cached; any
// other model keeps what it can and streams the other matrices in the order they are used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"
#include "engine/neuron/plan.h"

namespace hearth {

struct PlanRequest {
    uint64_t budget_bytes = 0;                            // of the whole process; 0 = no limit
    size_t n_ctx = 0;                                     // 0 = as Session decides
    size_t n_threads = 0;                                 // 0 = one per usable core
    std::optional<SparsityMode> sparsity = std::nullopt;  // absent = lossless
    std::string pack_path = "";                           // of this model; "" = there is none
};

// Where a process's memory goes, in bytes.
struct MemoryNeeds {
    WeightSizes weights;
    uint64_t kv_cache = 0;     // when the context is full
    uint64_t activations = 0;  // scratch of the forward pass
    uint64_t batches = 0;      // of that, what decoding does not touch
    uint64_t program = 0;      // code, vocabulary, threads, libraries

    // All but FFN weights.
    uint64_t fixed() const { return weights.fixed_bytes + kv_cache + activations + program; }
    // Of these, what is in memory whatever is streamed.
    uint64_t fixed(SparsityMode mode) const {
        return fixed() - weights.embedding_bytes -
               (mode == SparsityMode::predicted ? 0 : weights.predictor_bytes);
    }
    uint64_t everything() const { return fixed() + weights.ffn_bytes(); }
};
Result<MemoryNeeds> memory_needs(const Gguf& gguf, const ModelConfig& config, size_t n_ctx,
                                 size_t n_threads);

// The buffers that matrices of such a model are streamed through.
StreamPlan stream_plan(const WeightSizes& weights);

// What can be lent to the cache (Plan::lent_bytes) of a model that is decoded by neurons: of
// MemoryNeeds::batches and the stream's buffers. `streams_gates`: some gates go through them for
// every token.
uint64_t lendable_bytes(uint64_t batches, const StreamPlan& stream, SparsityMode mode,
                        bool streams_gates);

// Fails with ErrorCode::machine, naming what is needed, when nothing fits the budget.
Result<Plan> default_plan(const Gguf& gguf, const PlanRequest& request);

// For callers that have the needs already.
Result<Plan> default_plan(const std::string& model_path, const ModelConfig& config,
                          const MemoryNeeds& needs, const PlanRequest& request);

}  // namespace hearth
