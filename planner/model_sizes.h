// ModelSizes: where the bytes of a model are, from its header alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "engine/neuron/pack.h"

namespace hearth {

// Weights of one kind: how many bytes, and the type that most of them have.
struct PartSize {
    uint64_t bytes = 0;
    Dtype dtype = Dtype::f32;

    bool operator==(const PartSize&) const = default;
};

struct ModelSizes {
    size_t n_layers = 0;
    size_t d_model = 0;
    size_t d_ff = 0;  // of one expert, for mixtures
    size_t n_experts = 0;
    size_t n_experts_used = 0;
    FfnActivation activation = FfnActivation::silu;
    bool down_is_transposed = false;    // of all layers
    bool has_predictors = false;        // of all layers, in the file
    bool predictors_are_apart = false;  // they are in a file of their own, loaded when wanted

    // Read in full by every decode step; predictors in predicted mode only.
    PartSize attention;  // with norms and routers
    PartSize head;       // the output matrix, which may be the embedding
    PartSize predictors;
    uint64_t embedding_bytes = 0;  // one row of it is read per token; 0 when it is the head
    // Of all layers and experts.
    PartSize gate;
    PartSize up;
    PartSize down;
    // The same in a pack, where down is stored by neurons and may have another type for it.
    PartSize packed_down;
    uint64_t packed_row_bytes = 0;    // up and down of one neuron, of the largest
    uint64_t gate_row_bytes = 0;      // of the largest
    uint64_t kv_bytes_per_token = 0;  // of context, F16

    uint64_t ffn_bytes() const { return gate.bytes + up.bytes + down.bytes; }
    uint64_t fixed_bytes() const {
        return attention.bytes + head.bytes + embedding_bytes +
               (predictors_are_apart ? 0 : predictors.bytes);
    }
    size_t n_sections() const { return n_layers * (n_experts > 0 ? n_experts : 1); }
    // The experts' share of the FFN that a token goes through; 1 without a mixture.
    double used_share() const {
        return n_experts > 0 ? static_cast<double>(n_experts_used) / static_cast<double>(n_experts)
                             : 1.0;
    }
    bool operator==(const ModelSizes&) const = default;
};

// Of the model file, and of a pack that would be written of it now. bad_file where tensors are
// missing.
Result<ModelSizes> model_sizes(const Gguf& gguf, const ModelConfig& config);

// What the sizes of packed rows are in a pack that is there.
void use_pack(ModelSizes& sizes, const Pack& pack);

// Predictors in a file beside the model (engine/model/predictor_file.h), where it has none itself.
Result<void> use_predictors(ModelSizes& sizes, const std::string& path, const ModelConfig& config);

}  // namespace hearth
