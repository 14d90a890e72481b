#include "bench/offload/batches.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <string_view>
#include <vector>

#include "bench/bench.h"
#include "bench/offload/engine_runs.h"
#include "engine/engine.h"
#include "engine/model/config.h"
#include "engine/neuron/sparse_batch.h"

namespace hearth::bench {

namespace {

constexpr std::array<size_t, 9> kBatches{1, 2, 4, 8, 12, 16, 24, 32, 64};
constexpr size_t kContext = 512;

// Tokens decoded behind every batch, as an answer is.
constexpr size_t kAnswer = 8;

// One mode: a conversation that grows by a batch and an answer at a time.
struct Talk {
    SparsityMode mode;
    std::unique_ptr<Session> session;
    std::vector<double> batch_ms;
    std::vector<double> answer_ms;  // of a token
};

// Appends n random tokens and an answer; starts over when the context is full.
Result<void> go_on(Talk& talk, size_t n, size_t n_vocab, std::mt19937& random) {
    Session& session = *talk.session;
    std::vector<Token> tokens(session.tokens().begin(), session.tokens().end());
    if (tokens.size() + n + kAnswer >= session.n_ctx()) tokens.clear();
    for (size_t i = 0; i < n; ++i) {
        tokens.push_back(Token{static_cast<uint32_t>(random() % n_vocab)});
    }
    Result<void> done;
    talk.batch_ms.push_back(1e3 * seconds([&] { done = session.prefill(tokens, {}); }));
    HEARTH_TRY_VOID(done);
    if (talk.mode == SparsityMode::dense) return {};
    GenerateOptions options;
    options.sampler.temperature = 0.0F;
    options.max_tokens = kAnswer;
    HEARTH_TRY_VOID(session.generate(options, [](std::string_view) { return Continue::yes; }));
    talk.answer_ms.push_back(session.stats().latency_ms.mean);
    return {};
}

// A dense talk and a sparse one with the same plan, one line per batch size.
Result<void> time_modes(const Workload& workload, const EngineRun& run, const char* name,
                        size_t n_rounds) {
    HEARTH_TRY(Gguf gguf, Gguf::open(workload.model));
    ModelOptions options;
    HEARTH_TRY(options.plan, make_plan(gguf, workload, run));
    options.plan.max_batch_by_neurons = kSparseBatch;  // to see where it does not pay
    HEARTH_TRY(const auto model, Model::open(std::move(gguf), options));
    std::vector<Talk> talks;
    for (const SparsityMode mode : {SparsityMode::dense, run.mode}) {
        HEARTH_TRY(auto session, Session::create(*model, {.n_ctx = kContext,
                                                          .n_threads = workload.n_threads,
                                                          .sparsity = mode}));
        talks.push_back({mode, std::move(session), {}, {}});
    }
    fmt::print("{}: ms of a batch [ms per token of the {} decoded behind it]\n", name, kAnswer);
    for (const size_t n : kBatches) {
        for (Talk& talk : talks) {
            std::mt19937 random(static_cast<uint32_t>(n));
            talk.batch_ms.clear();
            talk.answer_ms.clear();
            for (size_t round = 0; round <= n_rounds; ++round) {
                HEARTH_TRY_VOID(go_on(talk, n, model->config().n_vocab, random));
            }
            talk.batch_ms.erase(talk.batch_ms.begin());
        }
        fmt::print("{:4} tokens  dense {:8.1f}  {} {:8.1f} [{:6.1f}]\n", n,
                   summarise(talks[0].batch_ms).median, to_string(run.mode),
                   summarise(talks[1].batch_ms).median, summarise(talks[1].answer_ms).median);
        std::fflush(stdout);
    }
    return {};
}

}  // namespace

Result<void> time_batches(const Workload& workload, uint64_t budget_bytes, size_t n_rounds,
                          const std::vector<std::string>& only) {
    struct Setting {
        const char* name;
        EngineRun run;
    };
    const std::array settings{
        Setting{"in memory", {SparsityMode::exact, 0}},
        Setting{"streamed exact", {SparsityMode::exact, budget_bytes}},
        Setting{"streamed predicted", {SparsityMode::predicted, budget_bytes}}};
    fmt::print("{} threads, {} rounds; {}\n", workload.n_threads, n_rounds, machine_line());
    for (const Setting& setting : settings) {
        const std::string_view name = setting.name;
        if (!only.empty() && std::none_of(only.begin(), only.end(), [&](const std::string& part) {
                return name.find(part) != std::string_view::npos;
            })) {
            continue;
        }
        HEARTH_TRY_VOID(time_modes(workload, setting.run, setting.name, n_rounds));
    }
    return {};
}

}  // namespace hearth::bench
