#include "bench/offload/engine_runs.h"

#include "bench/offload/contestant.h"
#include "engine/base/file.h"
#include "engine/default_plan.h"
#include "engine/engine.h"
#include "engine/model/config.h"
#include "planner/model_profile.h"

namespace hearth::bench {

namespace {

constexpr size_t kMaxProfileBytes = size_t{64} << 20;

// Goes on behind `tokens`, which grow.
Result<void> decode(Session& session, std::vector<Token>& tokens, size_t n) {
    GenerateOptions options;
    options.sampler.temperature = 0.0F;
    options.max_tokens = n;
    HEARTH_TRY_VOID(session.prefill(tokens, {}));
    HEARTH_TRY(const Generated generated,
               session.generate(options, [](std::string_view) { return Continue::yes; }));
    tokens.insert(tokens.end(), generated.tokens.begin(), generated.tokens.end());
    return {};
}

Measurement read_stats(const RunStats& stats) {
    Measurement m;
    m.tokens_per_second = stats.decode.tokens_per_second();
    m.mean_ms = stats.latency_ms.mean;
    m.p99_ms = stats.latency_ms.p99;
    m.io_share = stats.io_stall_seconds / stats.decode.seconds;
    m.megabytes_per_token =
        static_cast<double>(stats.io_bytes) * 1e-6 / static_cast<double>(stats.decode.tokens);
    m.reads_per_token =
        static_cast<double>(stats.io_reads) / static_cast<double>(stats.decode.tokens);
    m.hit_rate = stats.cold.hit_rate();
    m.recall = stats.predictor_recall;
    return m;
}

}  // namespace

Result<Plan> make_plan(const Gguf& gguf, const Workload& workload, const EngineRun& run) {
    PlanRequest request;
    request.budget_bytes = run.budget_bytes;
    request.n_ctx = workload.n_ctx();
    request.n_threads = workload.n_threads;
    request.sparsity = run.mode;
    request.pack_path = workload.pack;
    HEARTH_TRY(Plan plan, default_plan(gguf, request));
    HEARTH_TRY(const std::string json, read_text_file(workload.profile, kMaxProfileBytes));
    HEARTH_TRY(const ModelProfile profile, parse_model_profile(json, workload.profile));
    plan.firing_rates = profile.demand();
    const uint64_t gate = plan.gates_resident ? 0 : profile.sizes.gate_row_bytes;
    plan.io.gap_bytes = workload.gap(profile.sizes.packed_row_bytes + gate, plan.io.queue_depth);
    if (run.change_plan) run.change_plan(plan);
    return plan;
}

Result<Measurement> run_engine(const Workload& workload, const EngineRun& run) {
    HEARTH_TRY(Gguf gguf, Gguf::open(workload.model));
    ModelOptions options;
    HEARTH_TRY(options.plan, make_plan(gguf, workload, run));
    HEARTH_TRY(const auto model, Model::open(std::move(gguf), options));
    SessionOptions how;
    how.n_ctx = workload.n_ctx();
    how.n_threads = workload.n_threads;
    if (options.plan.placement != FfnPlacement::by_layer) how.sparsity = run.mode;
    HEARTH_TRY(const auto session, Session::create(*model, how));
    std::vector<Token> tokens = random_prompt(workload.n_prompt, model->config().n_vocab);
    if (workload.n_warm > 0) {
        HEARTH_TRY_VOID(decode(*session, tokens, workload.n_warm));
    }
    HEARTH_TRY_VOID(decode(*session, tokens, workload.n_tokens));
    Measurement result = read_stats(session->stats());
    for (size_t i = workload.n_prompt; i < tokens.size(); ++i) {
        result.tokens.push_back(static_cast<uint32_t>(to_index(tokens[i])));
    }
    return result;
}

}  // namespace hearth::bench
