#include "engine/model/weights.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace hearth {

namespace {

constexpr size_t kReadBytes = size_t{4} << 20;  // small enough to cancel within milliseconds

// One of the three matrices of an FFN.
struct FfnRole {
    MatrixView FfnWeights::*view;
    MatrixPlace FfnWeights::*place;
};
constexpr FfnRole kGate{&FfnWeights::gate, &FfnWeights::gate_place};
constexpr FfnRole kUp{&FfnWeights::up, &FfnWeights::up_place};
constexpr FfnRole kDown{&FfnWeights::down, &FfnWeights::down_place};

// Collects what is wanted from the file before anything is read: each request is a checked tensor,
// or one of the equal parts of it. fill() decides what stays in memory, reads that and sets views.
class Loading {
  public:
    Loading(const Gguf& gguf, const ModelConfig& config, const Plan& plan)
        : gguf_(gguf), config_(config), plan_(plan) {}

    // Every tensor the configuration needs: shapes and types checked, nothing read.
    // `weights` must stay where it is until fill().
    Result<void> find_all(Weights& weights) {
        weights.layers.resize(config_.n_layers);
        HEARTH_TRY_VOID(
            matrix("token_embd.weight", config_.n_vocab, config_.d_model, weights.embedding));
        for (size_t i = 0; i < config_.n_layers; ++i) {
            HEARTH_TRY_VOID(layer(i, weights.layers[i]));
        }
        HEARTH_TRY_VOID(vector("output_norm.weight", config_.d_model, weights.output_norm));
        HEARTH_TRY_VOID(output(weights));
        HEARTH_TRY_VOID(
            optional_vector("rope_freqs.weight", config_.rope.n_rot / 2, weights.rope_factors));
        for (const LayerWeights& layer : weights.layers) {
            weights.max_predictor_rank =
                std::max(weights.max_predictor_rank, layer.predictor.fc1.rows);
        }
        return {};
    }

    WeightSizes sizes(const Weights& weights) {
        WeightSizes sizes;
        sizes.fixed_bytes = reserve(fixed_);
        for (const Request& request : ffn_) {
            (request.is_gate ? sizes.gate_bytes : sizes.up_down_bytes) += request.bytes;
            sizes.max_row_bytes = std::max(sizes.max_row_bytes, request.matrix->stride_bytes);
            sizes.max_matrix_bytes = std::max(sizes.max_matrix_bytes, request.bytes);
        }
        sizes.n_ffns = weights.layers.size() * std::max<size_t>(1, config_.n_experts);
        sizes.max_predictor_rank = weights.max_predictor_rank;
        sizes.down_is_transposed = weights.layers.front().ffn.front().down_is_transposed;
        return sizes;
    }

    // Sets the views of what the plan keeps in memory, and reads it.
    Result<void> fill(Weights& weights, const LoadProgress& on_progress) {
        choose_resident(weights);
        weights.fixed_bytes = reserve(fixed_);
        weights.ffn_bytes = reserve(ffn_);
        weights.fixed_arena = AlignedBuffer<std::byte>(weights.fixed_bytes);
        weights.ffn_arena = AlignedBuffer<std::byte>(weights.ffn_bytes);
        for (Request& request : fixed_) request.data = weights.fixed_arena.data() + request.place;
        for (Request& request : ffn_) request.data = weights.ffn_arena.data() + request.place;
        HEARTH_TRY_VOID(read_all(on_progress));
        if (tied_) weights.output = weights.embedding;
        return {};
    }

  private:
    // Checks a matrix of the fixed segment and puts its view into `out` once the arenas exist.
    Result<void> matrix(const std::string& name, size_t rows, size_t cols, MatrixView& out) {
        HEARTH_TRY(const TensorInfo* const tensor, require_matrix(name, rows, cols, 1));
        fixed_.push_back({tensor, tensor->offset, tensor->bytes, &out, nullptr});
        out = view_of(*tensor, rows, cols);
        return {};
    }

    // n matrices in one tensor (cols, rows, n): the experts of a mixture; n = 1 for a dense FFN.
    Result<void> ffn_matrices(const std::string& name, size_t rows, size_t cols,
                              std::span<FfnWeights> out, FfnRole role) {
        HEARTH_TRY(const TensorInfo* const tensor, require_matrix(name, rows, cols, out.size()));
        const uint64_t bytes = tensor->bytes / out.size();
        for (size_t e = 0; e < out.size(); ++e) {
            const uint64_t offset = tensor->offset + e * bytes;
            out[e].*role.view = view_of(*tensor, rows, cols);
            out[e].*role.place = {static_cast<uint32_t>(tensor->file), offset};
            Request request{tensor, offset, bytes, &(out[e].*role.view), nullptr};
            request.is_gate = role.view == kGate.view;
            ffn_.push_back(request);
        }
        return {};
    }

    // A vector of F32: norms, biases, factors.
    Result<void> vector(const std::string& name, size_t length, const float*& out) {
        HEARTH_TRY(const TensorInfo* const tensor, require(name, 1, length, 1));
        if (tensor->dtype != Dtype::f32) {
            return make_error(ErrorCode::bad_file, "{}: tensor '{}' is {}, F32 expected",
                              gguf_.path(), name, traits(tensor->dtype).name);
        }
        fixed_.push_back({tensor, tensor->offset, tensor->bytes, nullptr, &out});
        return {};
    }
    Result<void> optional_vector(const std::string& name, size_t length, const float*& out) {
        if (gguf_.find(name) == nullptr) return {};
        return vector(name, length, out);
    }

    Result<void> linear(const std::string& name, size_t rows, size_t cols, Linear& out) {
        HEARTH_TRY_VOID(matrix(name + ".weight", rows, cols, out.weight));
        return optional_vector(name + ".bias", rows, out.bias);
    }

    // The head is the embedding where the file has no matrix of its own.
    Result<void> output(Weights& weights) {
        if (gguf_.find("output.weight") == nullptr) {
            tied_ = true;
            return {};
        }
        return matrix("output.weight", config_.n_vocab, config_.d_model, weights.output);
    }

    Result<void> dense_ffn(const std::string& prefix, FfnWeights& out) {
        const size_t d_model = config_.d_model;
        const size_t d_ff = config_.d_ff;
        const std::span<FfnWeights> one(&out, 1);
        HEARTH_TRY_VOID(ffn_matrices(prefix + "ffn_gate.weight", d_ff, d_model, one, kGate));
        HEARTH_TRY_VOID(ffn_matrices(prefix + "ffn_up.weight", d_ff, d_model, one, kUp));
        out.down_is_transposed = gguf_.find(prefix + "ffn_down_t.weight") != nullptr;
        if (out.down_is_transposed) {
            return ffn_matrices(prefix + "ffn_down_t.weight", d_ff, d_model, one, kDown);
        }
        return ffn_matrices(prefix + "ffn_down.weight", d_model, d_ff, one, kDown);
    }

    // PowerInfer's predictor of a layer; the rank differs between layers and is read off the
    // tensor.
    Result<void> predictor(const std::string& prefix, Predictor& out) {
        const TensorInfo* const fc1 = gguf_.find(prefix + "fc1.weight");
        if (fc1 == nullptr || !is_sparse(config_.activation)) return {};
        const size_t rank = fc1->dims[1];
        HEARTH_TRY_VOID(matrix(prefix + "fc1.weight", rank, config_.d_model, out.fc1));
        out.threshold = config_.predictor_threshold;
        return matrix(prefix + "fc2.weight", config_.d_ff, rank, out.fc2);
    }

    // All experts of a layer: one tensor per role, or one per role and expert in files of early
    // 2024.
    Result<void> experts(const std::string& prefix, std::vector<FfnWeights>& out) {
        const size_t d_model = config_.d_model;
        const size_t d_ff = config_.d_ff;
        if (gguf_.find(prefix + "ffn_gate_exps.weight") == nullptr) {
            for (size_t e = 0; e < config_.n_experts; ++e) {
                const auto name = [&](const char* role) {
                    return fmt::format("{}ffn_{}.{}.weight", prefix, role, e);
                };
                const std::span<FfnWeights> one(&out[e], 1);
                HEARTH_TRY_VOID(ffn_matrices(name("gate"), d_ff, d_model, one, kGate));
                HEARTH_TRY_VOID(ffn_matrices(name("up"), d_ff, d_model, one, kUp));
                HEARTH_TRY_VOID(ffn_matrices(name("down"), d_model, d_ff, one, kDown));
            }
            return {};
        }
        // PowerInfer's smallthinker files hold down transposed; only its shape tells
        // (formats-and-kernels 1.3), so a square one is taken as it usually is.
        const std::string down = prefix + "ffn_down_exps.weight";
        const TensorInfo* const info = gguf_.find(down);
        const bool transposed =
            info != nullptr && d_model != d_ff && info->dims[0] == d_model && info->dims[1] == d_ff;
        HEARTH_TRY_VOID(ffn_matrices(prefix + "ffn_gate_exps.weight", d_ff, d_model, out, kGate));
        HEARTH_TRY_VOID(ffn_matrices(prefix + "ffn_up_exps.weight", d_ff, d_model, out, kUp));
        for (FfnWeights& expert : out) expert.down_is_transposed = transposed;
        return ffn_matrices(down, transposed ? d_ff : d_model, transposed ? d_model : d_ff, out,
                            kDown);
    }

    Result<void> layer(size_t i, LayerWeights& out) {
        const std::string prefix = fmt::format("blk.{}.", i);
        const size_t d_model = config_.d_model;
        HEARTH_TRY_VOID(vector(prefix + "attn_norm.weight", d_model, out.attention_norm));
        HEARTH_TRY_VOID(linear(prefix + "attn_q", config_.q_dim(), d_model, out.q));
        HEARTH_TRY_VOID(linear(prefix + "attn_k", config_.kv_dim(), d_model, out.k));
        HEARTH_TRY_VOID(linear(prefix + "attn_v", config_.kv_dim(), d_model, out.v));
        HEARTH_TRY_VOID(
            linear(prefix + "attn_output", d_model, config_.q_dim(), out.attention_output));
        if (config_.qk_norm != QkNorm::none) {
            const bool per_row = config_.qk_norm == QkNorm::per_row;
            HEARTH_TRY_VOID(vector(prefix + "attn_q_norm.weight",
                                   per_row ? config_.q_dim() : config_.head_dim, out.q_norm));
            HEARTH_TRY_VOID(vector(prefix + "attn_k_norm.weight",
                                   per_row ? config_.kv_dim() : config_.head_dim, out.k_norm));
        }
        HEARTH_TRY_VOID(vector(prefix + "ffn_norm.weight", d_model, out.ffn_norm));
        out.ffn.resize(std::max<size_t>(1, config_.n_experts));
        if (config_.n_experts == 0) {
            HEARTH_TRY_VOID(predictor(prefix, out.predictor));
            return dense_ffn(prefix, out.ffn.front());
        }
        HEARTH_TRY_VOID(
            matrix(prefix + "ffn_gate_inp.weight", config_.n_experts, d_model, out.router));
        return experts(prefix, out.ffn);
    }

    struct Request {
        const TensorInfo* tensor;
        uint64_t offset;  // in the tensor's file
        uint64_t bytes;
        MatrixView* matrix;  // one of the two is set when the data is there
        const float** vector;
        bool is_gate = false;
        size_t place = 0;  // byte offset in the arena
        std::byte* data = nullptr;
    };

    bool may_stay(const Request& request) const {
        if (plan_.placement == FfnPlacement::by_neuron) {
            return plan_.gates_resident && request.is_gate;
        }
        return true;
    }

    // Of the matrices that may stay, how much does.
    double resident_share() const {
        uint64_t total = 0;
        for (const Request& request : ffn_) total += may_stay(request) ? request.bytes : 0;
        const uint64_t stays = plan_.placement == FfnPlacement::by_neuron
                                   ? total - std::min(total, plan_.streamed_gate_bytes)
                                   : std::min(total, plan_.resident_ffn_bytes);
        return total == 0 ? 0.0 : static_cast<double>(stays) / static_cast<double>(total);
    }

    // Takes those out of ffn_ that the plan streams: their views keep no data.
    void choose_resident(Weights& weights) {
        const double share = resident_share();
        double credit = 0.0;  // bytes that may stay, of the matrices so far
        std::erase_if(ffn_, [&](const Request& request) {
            bool stays = plan_.placement == FfnPlacement::resident;
            if (!stays && may_stay(request)) {
                credit += share * static_cast<double>(request.bytes);
                stays = credit >= static_cast<double>(request.bytes);
                if (stays) credit -= static_cast<double>(request.bytes);
            }
            if (!stays) weights.streamed_bytes += request.bytes;
            return !stays;
        });
    }

    // Places begin at cache lines. Sizes were checked against the file, so sums cannot overflow.
    static uint64_t reserve(std::vector<Request>& requests) {
        uint64_t used = 0;
        for (Request& request : requests) {
            request.place = used;
            used = round_up<uint64_t>(used + request.bytes, kCacheLine);
        }
        return used;
    }

    // In file order: one sequential pass over the disk.
    Result<void> read_all(const LoadProgress& on_progress) const {
        std::vector<const Request*> requests;
        uint64_t total = 0;
        for (const auto* list : {&fixed_, &ffn_}) {
            for (const Request& request : *list) {
                requests.push_back(&request);
                total += request.bytes;
            }
        }
        std::sort(requests.begin(), requests.end(), [](const Request* a, const Request* b) {
            return std::pair(a->tensor->file, a->offset) < std::pair(b->tensor->file, b->offset);
        });
        uint64_t done = 0;
        for (const Request* request : requests) {
            HEARTH_TRY_VOID(read(*request, done, total, on_progress));
            if (request->matrix != nullptr) request->matrix->data = request->data;
            if (request->vector != nullptr) {
                *request->vector = reinterpret_cast<const float*>(request->data);
            }
        }
        return {};
    }

    static MatrixView view_of(const TensorInfo& tensor, size_t rows, size_t cols) {
        return {tensor.dtype, nullptr, rows, cols, row_bytes(tensor.dtype, cols)};
    }

    Result<const TensorInfo*> require_matrix(const std::string& name, size_t rows, size_t cols,
                                             size_t n) const {
        HEARTH_TRY(const TensorInfo* const tensor, require(name, rows, cols, n));
        if (traits(tensor->dtype).computable) return tensor;
        return make_error(
            ErrorCode::bad_file,
            "{}: tensor '{}' is {}, which hearth does not compute with (F32, F16, BF16, "
            "Q4_0, Q5_0, Q8_0, Q4_K, Q5_K, Q6_K)",
            gguf_.path(), name, traits(tensor->dtype).name);
    }

    Result<const TensorInfo*> require(const std::string& name, size_t rows, size_t cols,
                                      size_t n) const {
        const TensorInfo* const tensor = gguf_.find(name);
        if (tensor == nullptr) {
            return make_error(ErrorCode::bad_file,
                              "{}: tensor '{}' is missing among {} (is it a complete {} model?)",
                              gguf_.path(), name, gguf_.tensors().size(), config_.architecture);
        }
        if (tensor->dims[0] != cols || tensor->dims[1] != rows || tensor->dims[2] != n ||
            tensor->dims[3] != 1) {
            return make_error(
                ErrorCode::bad_file,
                "{}: tensor '{}' is {} x {} x {} x {}, {} x {} expected (metadata and "
                "tensors disagree)",
                gguf_.path(), name, tensor->dims[0], tensor->dims[1], tensor->dims[2],
                tensor->dims[3], cols, rows, n);
        }
        return tensor;
    }

    Result<void> read(const Request& request, uint64_t& done, uint64_t total,
                      const LoadProgress& on_progress) const {
        const File& file = gguf_.file(request.tensor->file);
        for (uint64_t at = 0; at < request.bytes; at += kReadBytes) {
            const size_t n = std::min<uint64_t>(kReadBytes, request.bytes - at);
            HEARTH_TRY_VOID(read_exact(file, request.offset + at, std::span(request.data + at, n)));
            done += n;
            if (on_progress && !on_progress(done, total)) {
                return make_error(ErrorCode::cancelled, "{}: loading was stopped at {} of {} bytes",
                                  gguf_.path(), done, total);
            }
        }
        return {};
    }

    const Gguf& gguf_;
    const ModelConfig& config_;
    const Plan& plan_;
    std::vector<Request> fixed_;
    std::vector<Request> ffn_;  // in the order of layers, gate before up before down
    bool tied_ = false;
};

uint64_t bytes_of(const MatrixView& matrix) {
    return static_cast<uint64_t>(matrix.rows) * matrix.stride_bytes;
}

}  // namespace

uint64_t Weights::bytes_per_token(const ModelConfig& config) const {
    uint64_t bytes = bytes_of(output);
    for (const LayerWeights& layer : layers) {
        bytes += bytes_of(layer.q.weight) + bytes_of(layer.k.weight) + bytes_of(layer.v.weight) +
                 bytes_of(layer.attention_output.weight) + bytes_of(layer.router);
        const FfnWeights& ffn = layer.ffn.front();
        bytes += std::max<size_t>(1, config.n_experts_used) *
                 (bytes_of(ffn.gate) + bytes_of(ffn.up) + bytes_of(ffn.down));
    }
    return bytes;
}

Result<WeightSizes> measure_weights(const Gguf& gguf, const ModelConfig& config) {
    const Plan everything;
    Loading loading(gguf, config, everything);
    Weights weights;
    HEARTH_TRY_VOID(loading.find_all(weights));
    return loading.sizes(weights);
}

Result<Weights> load_weights(const Gguf& gguf, const ModelConfig& config, const Plan& plan,
                             const LoadProgress& on_progress) {
    Loading loading(gguf, config, plan);
    Weights weights;
    HEARTH_TRY_VOID(loading.find_all(weights));
    HEARTH_TRY_VOID(loading.fill(weights, on_progress));
    return weights;
}

}  // namespace hearth
