#include "planner/model_sizes.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace hearth {
namespace {

// The tensors of one part, added up.
class Part {
  public:
    void add(const TensorInfo& tensor) { bytes_[tensor.dtype] += tensor.bytes; }
    PartSize size() const {
        PartSize size;
        uint64_t most = 0;
        for (const auto& [dtype, bytes] : bytes_) {
            size.bytes += bytes;
            if (bytes <= most) continue;
            most = bytes;
            size.dtype = dtype;
        }
        return size;
    }

  private:
    std::map<Dtype, uint64_t> bytes_;
};

// "ffn_down_t" of "blk.3.ffn_down_t.weight"; the whole name where it is no layer's.
std::string_view role_of(std::string_view name) {
    if (!name.starts_with("blk.")) return name;
    name.remove_prefix(4);
    name.remove_prefix(std::min(name.size(), name.find('.') + 1));
    return name;
}

}  // namespace

ModelSizes model_sizes(const Gguf& gguf, const ModelConfig& config) {
    ModelSizes sizes;
    sizes.n_layers = config.n_layers;
    sizes.d_model = config.d_model;
    sizes.d_ff = config.d_ff;
    sizes.n_experts = config.n_experts;
    sizes.n_experts_used = config.n_experts_used;
    sizes.activation = config.activation;
    // K and V, two bytes each.
    sizes.kv_bytes_per_token = uint64_t{4} * config.n_layers * config.kv_dim();
    Part attention, head, predictors, gate, up, down;
    size_t n_transposed = 0;
    size_t n_predictors = 0;
    for (const TensorInfo& tensor : gguf.tensors()) {
        const std::string_view role = role_of(tensor.name);
        if (role.starts_with("ffn_gate_inp") || role.starts_with("ffn_norm")) {
            attention.add(tensor);
        } else if (role.starts_with("ffn_gate")) {
            gate.add(tensor);
        } else if (role.starts_with("ffn_up")) {
            up.add(tensor);
        } else if (role.starts_with("ffn_down")) {
            down.add(tensor);
            n_transposed += role.starts_with("ffn_down_t") ? 1 : 0;
        } else if (role.starts_with("fc1.") || role.starts_with("fc2.")) {
            predictors.add(tensor);
            n_predictors += role.starts_with("fc1.") ? 1 : 0;
        } else if (role == "output.weight") {
            head.add(tensor);
        } else if (role == "token_embd.weight") {
            sizes.embedding_bytes += tensor.bytes;
        } else {
            attention.add(tensor);
        }
    }
    if (const TensorInfo* const tied = gguf.find("token_embd.weight");
        tied != nullptr && gguf.find("output.weight") == nullptr) {
        head.add(*tied);
        sizes.embedding_bytes = 0;
    }
    sizes.attention = attention.size();
    sizes.head = head.size();
    sizes.predictors = predictors.size();
    sizes.gate = gate.size();
    sizes.up = up.size();
    sizes.down = down.size();
    sizes.down_is_transposed = n_transposed == config.n_layers;
    sizes.has_predictors = n_predictors == config.n_layers;
    return sizes;
}

}  // namespace hearth
