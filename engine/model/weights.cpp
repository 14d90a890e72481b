#include "engine/model/weights.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/model/ffn_tensors.h"

namespace hearth {

namespace {

constexpr size_t kReadBytes = size_t{4} << 20;  // small enough to cancel within milliseconds

// Where memory is short, predictors are for predicted mode alone.
bool uses_predictors(const Plan& plan) {
    return plan.placement == FfnPlacement::resident || plan.sparsity == SparsityMode::predicted;
}

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
        HEARTH_TRY_VOID(embedding(weights.embedding));
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
        for (const Request& request : fixed_) {
            if (request.is_predictor) sizes.predictor_bytes += request.bytes;
            if (is_embedding(request) && !tied_) sizes.embedding_bytes += request.bytes;
        }
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
        if (!uses_predictors(plan_)) drop_predictors(weights);
        if (plan_.placement != FfnPlacement::resident && !tied_) {
            std::erase_if(fixed_, [&](const Request& r) { return is_embedding(r); });
        }
        choose_resident(weights);
        weights.fixed_bytes = reserve(fixed_);
        weights.ffn_bytes = reserve(ffn_);
        weights.fixed_arena = AlignedBuffer<std::byte>(weights.fixed_bytes);
        weights.ffn_arena = AlignedBuffer<std::byte>(weights.ffn_bytes);
        for (Request& request : fixed_) request.data = weights.fixed_arena.data() + request.place;
        for (Request& request : ffn_) request.data = weights.ffn_arena.data() + request.place;
        HEARTH_TRY_VOID(read_all(on_progress));
        if (tied_) weights.output = weights.embedding.table;
        return {};
    }

  private:
    // Checks a matrix of the fixed segment and puts its view into `out` once the arenas exist.
    Result<void> matrix(const std::string& name, size_t rows, size_t cols, MatrixView& out) {
        HEARTH_TRY(const FileMatrix found, find_matrix(gguf_, name, rows, cols));
        fixed_.push_back({found.file, found.offset, found.bytes(), &out, nullptr});
        out = view_of(found);
        return {};
    }

    Result<void> embedding(Embedding& out) {
        HEARTH_TRY_VOID(matrix("token_embd.weight", config_.n_vocab, config_.d_model, out.table));
        embedding_ = &out.table;
        out.file = &gguf_.file(fixed_.back().file);
        out.offset = fixed_.back().offset;
        return {};
    }

    // The three matrices of an FFN, or of one expert: checked, and to be read if the plan keeps
    // them.
    Result<void> ffn(size_t layer, size_t expert, FfnWeights& out) {
        HEARTH_TRY(const FfnTensors found, find_ffn_tensors(gguf_, config_, layer, expert));
        out.down_is_transposed = found.down_is_transposed;
        ffn_matrix(found.gate, true, out.gate, out.gate_place);
        ffn_matrix(found.up, false, out.up, out.up_place);
        ffn_matrix(found.down, false, out.down, out.down_place);
        return {};
    }

    // A vector of F32: norms, biases, factors.
    Result<void> vector(const std::string& name, size_t length, const float*& out) {
        HEARTH_TRY(const FileMatrix found, find_matrix(gguf_, name, 1, length));
        if (found.dtype != Dtype::f32) {
            return make_error(ErrorCode::bad_file, "{}: tensor '{}' is {}, F32 expected",
                              gguf_.path(), name, traits(found.dtype).name);
        }
        fixed_.push_back({found.file, found.offset, found.bytes(), nullptr, &out});
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

    // PowerInfer's predictor of a layer; the rank differs between layers and is read off the
    // tensor.
    Result<void> predictor(const std::string& prefix, Predictor& out) {
        const TensorInfo* const fc1 = gguf_.find(prefix + "fc1.weight");
        if (fc1 == nullptr || !is_sparse(config_.activation)) return {};
        const size_t rank = fc1->dims[1];
        out.threshold = config_.predictor_threshold;
        HEARTH_TRY_VOID(matrix(prefix + "fc1.weight", rank, config_.d_model, out.fc1));
        HEARTH_TRY_VOID(matrix(prefix + "fc2.weight", config_.d_ff, rank, out.fc2));
        for (size_t back = 1; back <= 2; ++back) fixed_[fixed_.size() - back].is_predictor = true;
        return {};
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
            return ffn(i, 0, out.ffn.front());
        }
        HEARTH_TRY_VOID(
            matrix(prefix + "ffn_gate_inp.weight", config_.n_experts, d_model, out.router));
        for (size_t e = 0; e < out.ffn.size(); ++e) HEARTH_TRY_VOID(ffn(i, e, out.ffn[e]));
        return {};
    }

    struct Request {
        size_t file;      // as TensorInfo counts files
        uint64_t offset;  // in that file
        uint64_t bytes;
        MatrixView* matrix;  // one of the two is set when the data is there
        const float** vector;
        bool is_gate = false;
        bool is_predictor = false;
        size_t place = 0;  // byte offset in the arena
        std::byte* data = nullptr;
    };

    bool is_embedding(const Request& request) const { return request.matrix == embedding_; }

    void drop_predictors(Weights& weights) {
        std::erase_if(fixed_, [](const Request& request) { return request.is_predictor; });
        for (LayerWeights& layer : weights.layers) layer.predictor = {};
        weights.max_predictor_rank = 0;
    }

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
            return std::pair(a->file, a->offset) < std::pair(b->file, b->offset);
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

    static MatrixView view_of(const FileMatrix& found) {
        return {found.dtype, nullptr, found.rows, found.cols, found.row_bytes};
    }

    void ffn_matrix(const FileMatrix& found, bool is_gate, MatrixView& view, MatrixPlace& place) {
        view = view_of(found);
        place = {static_cast<uint32_t>(found.file), found.offset};
        Request request{found.file, found.offset, found.bytes(), &view, nullptr};
        request.is_gate = is_gate;
        ffn_.push_back(request);
    }

    Result<void> read(const Request& request, uint64_t& done, uint64_t total,
                      const LoadProgress& on_progress) const {
        const File& file = gguf_.file(request.file);
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
    const MatrixView* embedding_ = nullptr;
    bool tied_ = false;  // the head is the embedding
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
