#include "engine/default_plan.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/printable.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/kernels.h"
#include "engine/model/activations.h"
#include "engine/model/kv_cache.h"
#include "engine/model/predictor_file.h"
#include "engine/neuron/bundle_store.h"

namespace hearth {

namespace {

// What the program takes before any weights: code, libraries, stacks, and per vocabulary entry the
// text, its hash node and the merge table. Measured with vocabularies of 4 K to 152 K.
constexpr uint64_t kProgramBytes = uint64_t{10} << 20;
constexpr uint64_t kBytesPerToken = 320;

// Streaming wants a few large reads under way, but not more memory than a small model has.
constexpr uint64_t kMinChunk = uint64_t{64} << 10;
constexpr uint64_t kMaxChunk = uint64_t{4} << 20;
constexpr uint64_t kChunksPerModel = 128;

// Tables per neuron of a pack: its place, checksums, its slot and its past in the cache.
constexpr uint64_t kTableBytesPerNeuron = 40;

// Exact mode where gates and cache do not both fit: a slot for a neuron that fires in one token of
// ten saves as much reading as the same bytes of gates, so a fifth of up and down comes first, then
// gates, then the rest of up and down.
constexpr uint64_t kHotShare = 5;

// A gap is worth reading over while it takes less time than another read: bandwidth over reads per
// second. NVMe 3 GB/s at 300 K: 10 KB; UFS 4 GB/s at 250 K and 2 at 100: 16 and 20 KB; eMMC 0.28
// GB/s at 10 K: 28 KB; the disk of bench/README.md 50 KB. The planner measures it.
constexpr size_t kGapBytes = size_t{16} << 10;

// The fewest slots that a claim needs.
constexpr uint64_t kMinSlots = 2 * BundleStore::kMaxClaim;

uint64_t left(uint64_t budget, uint64_t used) {
    return budget > used ? budget - used : 0;
}

tl::unexpected<Error> too_small(const std::string& path, uint64_t budget, uint64_t needed) {
    constexpr double kMiB = 1 << 20;
    return make_error(
        ErrorCode::machine,
        "{}: needs at least {:.1f} MiB of memory, the budget is {:.1f} MiB (a smaller "
        "--ctx or model needs less)",
        printable_path(path), static_cast<double>(needed) / kMiB,
        static_cast<double>(budget) / kMiB);
}

// Decode by neurons, if the model and the budget allow it.
std::optional<Plan> by_neuron(const ModelConfig& config, const MemoryNeeds& needs,
                              const PlanRequest& request, Plan plan) {
    const WeightSizes& weights = needs.weights;
    if (!config.is_sparse() || request.pack_path.empty()) return std::nullopt;
    if (request.sparsity == SparsityMode::dense) return std::nullopt;
    const uint64_t tables = weights.n_ffns * config.d_ff * kTableBytesPerNeuron;
    const bool predicted =
        request.sparsity == SparsityMode::predicted && weights.max_predictor_rank > 0;
    const SparsityMode mode = predicted ? SparsityMode::predicted : SparsityMode::exact;
    const uint64_t rest = left(request.budget_bytes, needs.fixed(mode) + plan.stream.bytes() +
                                                         tables + NeuronLoader::kLandingBytes);
    plan.placement = FfnPlacement::by_neuron;
    plan.pack_path = request.pack_path;
    plan.io.gap_bytes = kGapBytes;
    plan.gates_resident = !predicted;
    plan.cache_bytes = rest;
    if (!predicted) {
        plan.cache_bytes = std::max(left(rest, weights.gate_bytes),
                                    std::min(rest, weights.up_down_bytes / kHotShare));
        plan.streamed_gate_bytes = left(weights.gate_bytes, rest - plan.cache_bytes);
    }
    plan.lent_bytes =
        lendable_bytes(needs.batches, plan.stream, mode, plan.streamed_gate_bytes > 0);
    // Records are padded to what the disk reads.
    const uint64_t record = (predicted ? 3 : 2) * weights.max_row_bytes + kPage;
    if (plan.cache_bytes < kMinSlots * record) return std::nullopt;
    return plan;
}

// Predicted mode for a model without predictors of its own: those beside its pack, if they were
// made. Adds what they need; "" when there are none or none are wanted.
Result<std::string> find_predictors(const ModelConfig& config, const PlanRequest& request,
                                    MemoryNeeds& needs) {
    if (request.sparsity != SparsityMode::predicted || request.pack_path.empty()) return "";
    if (needs.weights.max_predictor_rank > 0) return "";
    const std::string path = predictor_path_beside(request.pack_path);
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return "";
    HEARTH_TRY(const PredictorSizes sizes, measure_predictors(path, config));
    needs.weights.fixed_bytes += sizes.bytes;
    needs.weights.max_predictor_rank = sizes.max_rank;
    return path;
}

}  // namespace

StreamPlan stream_plan(const WeightSizes& weights) {
    StreamPlan stream;
    stream.chunk_bytes =
        std::max<uint64_t>(weights.max_row_bytes,
                           std::clamp(weights.ffn_bytes() / kChunksPerModel, kMinChunk, kMaxChunk));
    return stream;
}

uint64_t lendable_bytes(uint64_t batches, const StreamPlan& stream, SparsityMode mode,
                        bool streams_gates) {
    if (streams_gates) return batches;
    // Predicted tokens read some gates now and then, to see what was missed: one buffer is used.
    const uint64_t kept = mode == SparsityMode::predicted ? stream.chunk_bytes : 0;
    return batches + stream.bytes() - kept;
}

Result<MemoryNeeds> memory_needs(const Gguf& gguf, const ModelConfig& config, size_t n_ctx,
                                 size_t n_threads) {
    MemoryNeeds needs;
    HEARTH_TRY(needs.weights, measure_weights(gguf, config));
    if (n_ctx == 0) n_ctx = default_context(config);
    // Built for its sizes: memory that nobody touches is not taken.
    needs.kv_cache = KvCache(config, n_ctx).bytes();
    const Activations activations(config, needs.weights.max_predictor_rank,
                                  *supported_kernels().front(), n_ctx,
                                  n_threads == 0 ? usable_cores() : n_threads);
    needs.activations = activations.bytes();
    needs.batches = activations.bytes_behind(kSparseBatch);
    needs.program = kProgramBytes + kBytesPerToken * config.n_vocab;
    return needs;
}

Result<Plan> default_plan(const std::string& model_path, const ModelConfig& config,
                          const MemoryNeeds& needs, const PlanRequest& request) {
    Plan plan;
    plan.budget_bytes = request.budget_bytes;
    plan.n_threads = request.n_threads;
    plan.sparsity = request.sparsity;
    if (request.budget_bytes == 0 || needs.everything() <= request.budget_bytes) return plan;
    plan.name = "default";
    plan.stream = stream_plan(needs.weights);
    if (const auto sparse = by_neuron(config, needs, request, plan)) return *sparse;
    const uint64_t least = needs.fixed(SparsityMode::dense) + plan.stream.bytes();
    if (least > request.budget_bytes) return too_small(model_path, request.budget_bytes, least);
    plan.placement = FfnPlacement::by_layer;
    plan.resident_ffn_bytes = request.budget_bytes - least;
    // Neurons are computed one by one only where their matrices are in memory.
    if (plan.sparsity != SparsityMode::dense) plan.sparsity.reset();
    return plan;
}

Result<Plan> default_plan(const Gguf& gguf, const PlanRequest& request) {
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    HEARTH_TRY(MemoryNeeds needs, memory_needs(gguf, config, request.n_ctx, request.n_threads));
    HEARTH_TRY(const std::string predictors, find_predictors(config, request, needs));
    HEARTH_TRY(Plan plan, default_plan(gguf.path(), config, needs, request));
    plan.predictor_path = predictors;
    return plan;
}

}  // namespace hearth
