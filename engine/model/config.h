// ModelConfig: the hyperparameters of a model, read from its metadata and bounded.
#pragma once

#include <cstddef>
#include <string>

#include "engine/base/result.h"
#include "engine/gguf/gguf.h"
#include "engine/neuron/ffn_weights.h"

namespace hearth {

// Which pairs of a head's dimensions are rotated together.
enum class RopeLayout {
    interleaved,  // (0,1), (2,3), ...: llama ("NORM" in llama.cpp)
    halves,       // (0, n/2), (1, n/2 + 1), ...: qwen2 ("NEOX")
};

enum class RopeScaling { none, linear, yarn };

// Which rows of queries and keys are RMS-normalised before the rotation.
enum class QkNorm {
    none,
    per_head,  // each head by itself: qwen3
    per_row,   // all heads together: olmoe
};

// How a mixture of experts turns router logits into weights of the chosen experts.
struct RoutingConfig {
    enum class Gating { softmax, sigmoid } gating = Gating::softmax;
    bool renormalize = true;        // the chosen weights sum to 1
    bool before_attention = false;  // the router reads the raw residual at the layer's beginning
};

struct RopeConfig {
    RopeLayout layout = RopeLayout::interleaved;
    size_t n_rot = 0;  // dimensions rotated per head; even
    float base = 10000.0F;
    RopeScaling scaling = RopeScaling::none;
    float factor = 1.0F;            // context is stretched by this
    size_t original_context = 0;    // yarn: what the model was trained with
    float attention_factor = 1.0F;  // yarn: multiplies cos and sin
    float beta_fast = 32.0F;        // yarn: rotations above which a dimension is not stretched
    float beta_slow = 1.0F;         // yarn: rotations below which it is stretched in full
};

struct ModelConfig {
    std::string architecture;  // "llama", "qwen2", ...
    size_t n_layers = 0;
    size_t d_model = 0;
    size_t n_heads = 0;
    size_t n_kv_heads = 0;  // divides n_heads
    size_t head_dim = 0;
    size_t d_ff = 0;  // of one expert, for mixtures
    size_t n_vocab = 0;
    size_t n_ctx_train = 0;  // what the model was trained for; more is allowed and gets worse
    size_t n_ctx_max = 0;    // beyond it hearth would compute something else than the model
    float rms_eps = 1e-5F;
    FfnActivation activation = FfnActivation::silu;
    RopeConfig rope;
    float predictor_threshold = 0.0F;  // a neuron is proposed from this score on
    QkNorm qk_norm = QkNorm::none;
    size_t n_experts = 0;       // 0 = dense
    size_t n_experts_used = 0;  // top-k
    RoutingConfig routing;
    // Every fourth layer attends without rotation (smallthinker with a sliding window).
    bool rotates_three_of_four = false;

    size_t q_dim() const { return n_heads * head_dim; }
    size_t kv_dim() const { return n_kv_heads * head_dim; }
    size_t heads_per_kv() const { return n_heads / n_kv_heads; }
    bool rotates(size_t layer) const { return !rotates_three_of_four || layer % 4 != 0; }
    bool routes_before_attention() const { return n_experts > 0 && routing.before_attention; }
    bool is_sparse() const { return hearth::is_sparse(activation); }
};

// Positions a session gets when nobody says: what the model was trained for, at most 4096.
size_t default_context(const ModelConfig& config);

// Reads and checks every value; the architecture must be one of those listed in the error.
Result<ModelConfig> read_model_config(const Gguf& gguf);

}  // namespace hearth
