#include "planner/model_sizes.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "engine/model/ffn_tensors.h"
#include "engine/model/predictor_file.h"
#include "planner/pack_layout.h"

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

// What every FFN would be in a pack.
Result<void> add_packed_rows(const Gguf& gguf, const ModelConfig& config, ModelSizes& sizes) {
    sizes.down_is_transposed = true;
    for (size_t layer = 0; layer < config.n_layers; ++layer) {
        for (size_t expert = 0; expert < std::max<size_t>(1, config.n_experts); ++expert) {
            HEARTH_TRY(const FfnTensors ffn, find_ffn_tensors(gguf, config, layer, expert));
            sizes.down_is_transposed &= ffn.down_is_transposed;
            const Dtype down = ffn.down_is_transposed
                                   ? ffn.down.dtype
                                   : packed_down_type(ffn.down.dtype, config.d_model);
            const uint64_t down_row = row_bytes(down, config.d_model);
            sizes.packed_down.dtype = down;
            sizes.packed_down.bytes += config.d_ff * down_row;
            sizes.packed_row_bytes =
                std::max<uint64_t>(sizes.packed_row_bytes, ffn.up.row_bytes + down_row);
            sizes.gate_row_bytes = std::max<uint64_t>(sizes.gate_row_bytes, ffn.gate.row_bytes);
        }
    }
    return {};
}

}  // namespace

Result<ModelSizes> model_sizes(const Gguf& gguf, const ModelConfig& config) {
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
    sizes.has_predictors = n_predictors == config.n_layers;
    HEARTH_TRY_VOID(add_packed_rows(gguf, config, sizes));
    return sizes;
}

void use_pack(ModelSizes& sizes, const Pack& pack) {
    sizes.packed_down.bytes = sizes.packed_row_bytes = sizes.gate_row_bytes = 0;
    for (const PackSection& one : pack.sections()) {
        sizes.packed_down.dtype = one.down;
        sizes.packed_down.bytes += uint64_t{one.n_records} * (one.gate_offset - one.down_offset);
        sizes.packed_row_bytes = std::max<uint64_t>(sizes.packed_row_bytes, one.gate_offset);
        sizes.gate_row_bytes =
            std::max<uint64_t>(sizes.gate_row_bytes, one.record_bytes - one.gate_offset);
    }
}

Result<void> use_predictors(ModelSizes& sizes, const std::string& path, const ModelConfig& config) {
    HEARTH_TRY(const PredictorSizes file, measure_predictors(path, config));
    sizes.predictors = {file.bytes, file.dtype};
    sizes.predictors_are_apart = true;
    return {};
}

}  // namespace hearth
