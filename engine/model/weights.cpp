#include "engine/model/weights.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace hearth {

namespace {

constexpr size_t kReadBytes = size_t{4} << 20;  // small enough to cancel within milliseconds

// Collects what is wanted from the file before anything is read: each request is a checked tensor
// and a place in an arena; fill() reads them all and returns views.
class Loading {
  public:
    Loading(const Gguf& gguf, const ModelConfig& config) : gguf_(gguf), config_(config) {}

    enum class Segment { fixed, ffn };

    // Checks the matrix and puts its view into `out` once the arenas exist.
    Result<void> matrix(Segment segment, const std::string& name, size_t rows, size_t cols,
                        MatrixView& out) {
        return matrices(segment, name, rows, cols, {&out});
    }

    // n matrices in one tensor (cols, rows, n): the experts of a mixture.
    Result<void> matrices(Segment segment, const std::string& name, size_t rows, size_t cols,
                          std::vector<MatrixView*> out) {
        HEARTH_TRY(const TensorInfo* const tensor, require(name, rows, cols, out.size()));
        if (!traits(tensor->dtype).computable) {
            return make_error(
                ErrorCode::bad_file,
                "{}: tensor '{}' is {}, which hearth does not compute with (F32, F16, BF16, "
                "Q4_0, Q5_0, Q8_0, Q4_K, Q5_K, Q6_K)",
                gguf_.path(), name, traits(tensor->dtype).name);
        }
        for (MatrixView* view : out) {
            *view = {tensor->dtype, nullptr, rows, cols, row_bytes(tensor->dtype, cols)};
        }
        const size_t place = reserve(segment, tensor->bytes);
        requests_.push_back({segment, tensor, place, std::move(out), nullptr});
        return {};
    }

    // A vector of F32: norms, biases, factors.
    Result<void> vector(const std::string& name, size_t length, const float*& out) {
        HEARTH_TRY(const TensorInfo* const tensor, require(name, 1, length, 1));
        if (tensor->dtype != Dtype::f32) {
            return make_error(ErrorCode::bad_file, "{}: tensor '{}' is {}, F32 expected",
                              gguf_.path(), name, traits(tensor->dtype).name);
        }
        requests_.push_back(
            {Segment::fixed, tensor, reserve(Segment::fixed, tensor->bytes), {}, &out});
        return {};
    }
    Result<void> optional_vector(const std::string& name, size_t length, const float*& out) {
        if (gguf_.find(name) == nullptr) return {};
        return vector(name, length, out);
    }

    Result<void> linear(const std::string& name, size_t rows, size_t cols, Linear& out) {
        HEARTH_TRY_VOID(matrix(Segment::fixed, name + ".weight", rows, cols, out.weight));
        return optional_vector(name + ".bias", rows, out.bias);
    }

    // The head is the embedding where the file has no matrix of its own.
    Result<void> output(Weights& weights) {
        if (gguf_.find("output.weight") == nullptr) {
            tied_ = true;
            return {};
        }
        return matrix(Segment::fixed, "output.weight", config_.n_vocab, config_.d_model,
                      weights.output);
    }

    Result<void> dense_ffn(const std::string& prefix, FfnWeights& out) {
        const size_t d_model = config_.d_model;
        const size_t d_ff = config_.d_ff;
        HEARTH_TRY_VOID(matrix(Segment::ffn, prefix + "ffn_gate.weight", d_ff, d_model, out.gate));
        HEARTH_TRY_VOID(matrix(Segment::ffn, prefix + "ffn_up.weight", d_ff, d_model, out.up));
        out.down_is_transposed = gguf_.find(prefix + "ffn_down_t.weight") != nullptr;
        if (out.down_is_transposed) {
            return matrix(Segment::ffn, prefix + "ffn_down_t.weight", d_ff, d_model, out.down);
        }
        return matrix(Segment::ffn, prefix + "ffn_down.weight", d_model, d_ff, out.down);
    }

    // PowerInfer's predictor of a layer; the rank differs between layers and is read off the
    // tensor.
    Result<void> predictor(const std::string& prefix, Predictor& out) {
        const TensorInfo* const fc1 = gguf_.find(prefix + "fc1.weight");
        if (fc1 == nullptr || !is_sparse(config_.activation)) return {};
        const size_t rank = fc1->dims[1];
        HEARTH_TRY_VOID(
            matrix(Segment::fixed, prefix + "fc1.weight", rank, config_.d_model, out.fc1));
        out.threshold = config_.predictor_threshold;
        return matrix(Segment::fixed, prefix + "fc2.weight", config_.d_ff, rank, out.fc2);
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
                HEARTH_TRY_VOID(matrix(Segment::ffn, name("gate"), d_ff, d_model, out[e].gate));
                HEARTH_TRY_VOID(matrix(Segment::ffn, name("up"), d_ff, d_model, out[e].up));
                HEARTH_TRY_VOID(matrix(Segment::ffn, name("down"), d_model, d_ff, out[e].down));
            }
            return {};
        }
        // PowerInfer's smallthinker files hold down transposed; only its shape tells
        // (formats-and-kernels 1.3), so a square one is taken as it usually is.
        const std::string down = prefix + "ffn_down_exps.weight";
        const TensorInfo* const info = gguf_.find(down);
        const bool transposed =
            info != nullptr && d_model != d_ff && info->dims[0] == d_model && info->dims[1] == d_ff;
        HEARTH_TRY_VOID(
            expert_role(prefix + "ffn_gate_exps.weight", d_ff, d_model, out, &FfnWeights::gate));
        HEARTH_TRY_VOID(
            expert_role(prefix + "ffn_up_exps.weight", d_ff, d_model, out, &FfnWeights::up));
        for (FfnWeights& expert : out) expert.down_is_transposed = transposed;
        return expert_role(down, transposed ? d_ff : d_model, transposed ? d_model : d_ff, out,
                           &FfnWeights::down);
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
        HEARTH_TRY_VOID(matrix(Segment::fixed, prefix + "ffn_gate_inp.weight", config_.n_experts,
                               d_model, out.router));
        return experts(prefix, out.ffn);
    }

    Result<void> fill(Weights& weights, const LoadProgress& on_progress) {
        weights.fixed_bytes = fixed_bytes_;
        weights.ffn_bytes = ffn_bytes_;
        weights.fixed_arena = AlignedBuffer<std::byte>(fixed_bytes_);
        weights.ffn_arena = AlignedBuffer<std::byte>(ffn_bytes_);
        // In file order: one sequential pass over the disk.
        std::sort(requests_.begin(), requests_.end(), [](const Request& a, const Request& b) {
            return std::pair(a.tensor->file, a.tensor->offset) <
                   std::pair(b.tensor->file, b.tensor->offset);
        });
        uint64_t total = 0;
        for (const Request& request : requests_) total += request.tensor->bytes;
        uint64_t done = 0;
        for (const Request& request : requests_) {
            auto& arena =
                request.segment == Segment::fixed ? weights.fixed_arena : weights.ffn_arena;
            std::byte* const data = arena.data() + request.place;
            HEARTH_TRY_VOID(read(*request.tensor, data, done, total, on_progress));
            for (size_t i = 0; i < request.matrices.size(); ++i) {
                MatrixView& matrix = *request.matrices[i];
                matrix.data = data + i * matrix.rows * matrix.stride_bytes;
            }
            if (request.vector != nullptr) *request.vector = reinterpret_cast<const float*>(data);
        }
        if (tied_) weights.output = weights.embedding;
        return {};
    }

  private:
    struct Request {
        Segment segment;
        const TensorInfo* tensor;
        size_t place;                       // byte offset in the arena
        std::vector<MatrixView*> matrices;  // equal parts of the tensor
        const float** vector;
    };

    Result<void> expert_role(const std::string& name, size_t rows, size_t cols,
                             std::vector<FfnWeights>& experts, MatrixView FfnWeights::*role) {
        std::vector<MatrixView*> views;
        for (FfnWeights& expert : experts) views.push_back(&(expert.*role));
        return matrices(Segment::ffn, name, rows, cols, std::move(views));
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

    // Places begin at cache lines. Sizes were checked against the file, so sums cannot overflow.
    size_t reserve(Segment segment, uint64_t bytes) {
        uint64_t& used = segment == Segment::fixed ? fixed_bytes_ : ffn_bytes_;
        const size_t place = used;
        used = round_up<uint64_t>(used + bytes, kCacheLine);
        return place;
    }

    Result<void> read(const TensorInfo& tensor, std::byte* data, uint64_t& done, uint64_t total,
                      const LoadProgress& on_progress) const {
        for (uint64_t at = 0; at < tensor.bytes; at += kReadBytes) {
            const size_t n = std::min<uint64_t>(kReadBytes, tensor.bytes - at);
            HEARTH_TRY_VOID(
                read_exact(gguf_.file(tensor.file), tensor.offset + at, std::span(data + at, n)));
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
    std::vector<Request> requests_;
    uint64_t fixed_bytes_ = 0;
    uint64_t ffn_bytes_ = 0;
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

Result<Weights> load_weights(const Gguf& gguf, const ModelConfig& config,
                             const LoadProgress& on_progress) {
    Weights weights;
    weights.layers.resize(config.n_layers);
    Loading loading(gguf, config);
    HEARTH_TRY_VOID(loading.matrix(Loading::Segment::fixed, "token_embd.weight", config.n_vocab,
                                   config.d_model, weights.embedding));
    for (size_t i = 0; i < config.n_layers; ++i) {
        HEARTH_TRY_VOID(loading.layer(i, weights.layers[i]));
    }
    HEARTH_TRY_VOID(loading.vector("output_norm.weight", config.d_model, weights.output_norm));
    HEARTH_TRY_VOID(loading.output(weights));
    HEARTH_TRY_VOID(
        loading.optional_vector("rope_freqs.weight", config.rope.n_rot / 2, weights.rope_factors));
    for (const LayerWeights& layer : weights.layers) {
        weights.max_predictor_rank = std::max(weights.max_predictor_rank, layer.predictor.fc1.rows);
    }
    HEARTH_TRY_VOID(loading.fill(weights, on_progress));
    return weights;
}

}  // namespace hearth
