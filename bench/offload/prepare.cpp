#include "bench/offload/prepare.h"

#include <filesystem>
#include <random>

#include "bench/offload/file_weights.h"
#include "bench/synth/synthetic_model.h"
#include "engine/base/file.h"
#include "engine/base/thread_pool.h"
#include "engine/engine.h"
#include "engine/model/config.h"
#include "engine/model/kv_cache.h"
#include "planner/activity_trace.h"
#include "planner/model_profile.h"
#include "planner/model_sizes.h"
#include "planner/pack_writer.h"
#include "planner/placement.h"
#include "planner/progress.h"

namespace hearth::bench {

namespace {

constexpr size_t kProfileTokens = 256;

// How often each neuron fires for random tokens.
Result<ActivityTrace> trace_random_text(const Model& model, size_t n_threads) {
    const ModelConfig& config = model.config();
    ActivityTrace trace({config.n_layers, 1, config.d_ff}, config.n_layers);
    SessionOptions options;
    options.n_ctx = kProfileTokens;
    options.n_threads = n_threads;
    options.on_firing = [&](const Firing& firing) { trace.add(firing); };
    HEARTH_TRY(const auto session, Session::create(model, options));
    std::mt19937 random(2);
    std::vector<Token> tokens;
    for (size_t i = 0; i < kProfileTokens; ++i) {
        tokens.push_back(Token{static_cast<uint32_t>(random() % config.n_vocab)});
    }
    HEARTH_TRY_VOID(session->prefill(tokens, {}));
    return trace;
}

Result<void> make_pack(const Files& files, size_t n_threads) {
    HEARTH_TRY(const auto model, Model::open(files.model, {}));
    HEARTH_TRY(const ActivityTrace trace, trace_random_text(*model, n_threads));
    ModelProfile profile;
    HEARTH_TRY(const ModelIdentity identity, identify_model(model->gguf()));
    profile.identity = identity.hex();
    HEARTH_TRY(profile.sizes, model_sizes(model->gguf(), model->config()));
    profile.learn(trace);
    const PlanProgressSink nobody;
    StepProgress silent(PlanStep::model, nobody);
    HEARTH_TRY(profile.hit_rate, HitRateCurve::measure(trace, silent, 0.0, 1.0));
    const std::string text = to_json(profile);
    HEARTH_TRY_VOID(write_file_atomically(files.profile, std::as_bytes(std::span(text))));
    PackOptions options;
    options.path = files.pack;
    ThreadPool pool(n_threads);
    options.placement = place_by_trace(trace, {}, pool);
    options.n_threads = n_threads;
    HEARTH_TRY(const PackReport report, write_pack(model->gguf(), model->config(), options));
    fmt::print("{}: {:.2f} GB\n", files.pack, static_cast<double>(report.file_bytes) * 1e-9);
    return {};
}

}  // namespace

Files files_in(const std::string& folder, const std::string& shape_name) {
    const std::string path = (std::filesystem::path(folder) / shape_name).string();
    return {path + ".gguf", path + ".pack", path + ".profile.json"};
}

Result<void> make_files(const Files& files, const SyntheticShape& shape, size_t n_threads) {
    if (!std::filesystem::exists(files.model)) {
        SyntheticOptions options;
        options.shape = shape;
        HEARTH_TRY(const SyntheticModel model, SyntheticModel::create(options));
        HEARTH_TRY_VOID(model.write(files.model));
        fmt::print("{}: {:.2f} GB\n", files.model, static_cast<double>(model.file_bytes()) * 1e-9);
    }
    if (!std::filesystem::exists(files.pack) || !std::filesystem::exists(files.profile))
        HEARTH_TRY_VOID(make_pack(files, n_threads));
    return {};
}

Result<ModelBytes> model_bytes(const std::string& path, size_t n_ctx) {
    HEARTH_TRY(const Gguf gguf, Gguf::open(path));
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    ModelBytes bytes;
    bytes.fixed = KvCache(config, n_ctx).bytes();
    for (const TensorInfo& tensor : gguf.tensors()) {
        (is_ffn_matrix(tensor.name) ? bytes.ffn : bytes.fixed) += tensor.bytes;
    }
    return bytes;
}

}  // namespace hearth::bench
