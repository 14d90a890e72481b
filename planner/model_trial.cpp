#include "planner/model_trial.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "engine/base/thread_pool.h"
#include "engine/model/config.h"
#include "planner/disturbance.h"
#include "planner/profile_text.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kTracedTokens = 384;
constexpr size_t kSlice = 64;  // tokens between looks at the clock
constexpr double kGuessedActive = 0.15;
constexpr size_t kLeastLayers = 4;
constexpr size_t kPromptTokens = 24;
constexpr size_t kWarmTokens = 12;  // until the cache holds what a conversation uses
constexpr size_t kFirstTokens = 2;  // where nothing is read: until pages and caches are touched
constexpr size_t kMostTokens = 128;
constexpr size_t kEnoughTokens = 8;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Decodes up to n tokens behind what is cached. An answer that ends early is a short one.
Result<RunStats> decode_some(Session& session, size_t n) {
    // The last token is computed again, so that what is counted begins here.
    const std::vector<Token> cached(session.tokens().begin(), session.tokens().end());
    HEARTH_TRY_VOID(session.prefill(cached, {}));
    GenerateOptions options;
    options.sampler.seed = 1;
    options.max_tokens = n + 1;  // the first one costs no decode
    HEARTH_TRY_VOID(session.generate(options, {}));
    return session.stats();
}

void add(const RunStats& stats, Observation& seen) {
    seen.n_tokens += stats.decode.tokens;
    // The median, where nothing is read: other work on the machine lengthens some tokens.
    const double median = stats.latency_ms.p50 * 1e-3 * static_cast<double>(stats.decode.tokens);
    seen.seconds += stats.io_reads == 0 ? median : stats.decode.seconds;
    // What was read counts the token that was computed again, too.
    const auto n = static_cast<double>(stats.decode.tokens);
    const double share = n / (n + 1.0);
    seen.stall_seconds += share * stats.io_stall_seconds;
    seen.reads += share * static_cast<double>(stats.io_reads);
    seen.bytes += share * static_cast<double>(stats.io_bytes);
    seen.recall = stats.predictor_recall.value_or(seen.recall);
}

// What was added up, per token.
void divide(Observation& seen) {
    const auto count = static_cast<double>(seen.n_tokens);
    for (double* value : {&seen.seconds, &seen.reads, &seen.bytes}) *value /= count;
    seen.stall_seconds = std::min(seen.stall_seconds / count, 0.99 * seen.seconds);
}

// Rounds until there are enough in which nobody else was at work; where there are none, the round
// with the least of it.
class QuietRounds {
  public:
    bool is_done() const { return n_quiet_ == kQuietRounds || n_rounds_ == kMostRounds; }
    void add(const RunStats& stats, double disturbance) {
        ++n_rounds_;
        if (disturbance <= kDisturbed) {
            if (n_quiet_++ == 0) sum_ = {};
        } else if (n_quiet_ > 0 || disturbance >= least_) {
            return;
        } else {
            sum_ = {};
        }
        least_ = std::min(least_, disturbance);
        hearth::add(stats, sum_);
    }
    Observation result(const PlanSetting& setting) const {
        Observation seen = sum_;
        seen.setting = setting;
        divide(seen);
        return seen;
    }

  private:
    static constexpr size_t kQuietRounds = 2;
    static constexpr size_t kMostRounds = 5;

    size_t n_rounds_ = 0;
    size_t n_quiet_ = 0;
    double least_ = 1e9;  // cores that others used
    Observation sum_;
};

}  // namespace

Result<ModelTrial> ModelTrial::open(const std::string& path, const Plan& plan,
                                    StepProgress& progress, double from, double to) {
    ModelOptions options;
    options.plan = plan;
    Result<void> told;
    options.on_progress = [&](uint64_t done, uint64_t total) {
        const double share =
            static_cast<double>(done) / static_cast<double>(std::max<uint64_t>(1, total));
        told = progress.report(from + (to - from) * share, "loading");
        return told.has_value();
    };
    auto model = Model::open(path, options);
    if (!told) return tl::unexpected(told.error());
    if (!model) return tl::unexpected(model.error());
    return ModelTrial(*std::move(model));
}

std::vector<Token> ModelTrial::text_tokens(size_t most) const {
    std::vector<Token> tokens = model_->encode_raw(profile_text());
    if (tokens.size() > most) tokens.resize(most);
    return tokens;
}

size_t ModelTrial::n_text_tokens() const {
    return text_tokens(std::min(kTracedTokens, model_->config().n_ctx_max)).size();
}

Result<ActivityTrace> ModelTrial::trace(uint64_t max_bytes, double seconds, StepProgress& progress,
                                        double from, double to) {
    const ModelConfig& config = model_->config();
    const size_t n_ctx = std::min(kTracedTokens, config.n_ctx_max);
    const std::vector<Token> tokens = text_tokens(n_ctx);
    const TraceShape shape{config.n_layers, std::max<size_t>(1, config.n_experts), config.d_ff};
    const double used = config.n_experts > 0 ? static_cast<double>(config.n_experts_used) : 1.0;
    const double layer_bytes =
        kGuessedActive * used * static_cast<double>(config.d_ff * tokens.size() * sizeof(uint32_t));
    const auto n_kept = std::max(
        kLeastLayers, static_cast<size_t>(static_cast<double>(max_bytes) / (1.0 + layer_bytes)));
    ActivityTrace trace(shape, n_kept);
    SessionOptions options;
    options.n_ctx = n_ctx;
    options.on_firing = [&trace](const Firing& firing) { trace.add(firing); };
    HEARTH_TRY(const auto session, Session::create(*model_, options));
    const auto begin = Clock::now();
    for (size_t done = 0; done < tokens.size();) {
        const size_t next = std::min(tokens.size(), done + kSlice);
        const double share = static_cast<double>(next) / static_cast<double>(tokens.size());
        HEARTH_TRY_VOID(
            progress.report(from + (to - from) * share, fmt::format("{} tokens of text", done)));
        // The last token of what is cached is computed once more only when nothing is new.
        HEARTH_TRY_VOID(session->prefill(std::span(tokens).first(next), {}));
        done = next;
        const double elapsed = seconds_since(begin);
        const double per_token = elapsed / static_cast<double>(done);
        if (elapsed + per_token * kSlice > seconds) break;
    }
    return trace;
}

Result<Observation> ModelTrial::observe(const PlanSetting& setting, double seconds) const {
    const std::vector<Token> text = text_tokens(kTracedTokens);
    SessionOptions options;
    options.n_ctx = std::min<size_t>(512, model_->config().n_ctx_max);
    options.n_threads = setting.n_threads;
    options.sparsity = setting.mode;
    HEARTH_TRY(const auto session, Session::create(*model_, options));
    const KeepToCores cores(model_->plan().cores);
    const size_t n_warm = setting.placement == FfnPlacement::resident ? kFirstTokens : kWarmTokens;
    // Three beginnings at most: a model may end its answer at once.
    std::optional<Observation> short_one;
    for (size_t prompt = kPromptTokens; prompt <= 3 * kPromptTokens; prompt += kPromptTokens) {
        HEARTH_TRY_VOID(session->prefill(std::span(text).first(std::min(prompt, text.size())), {}));
        HEARTH_TRY(const RunStats warm, decode_some(*session, n_warm));
        if (warm.decode.tokens == 0) continue;
        const double per_token = warm.decode.seconds / static_cast<double>(warm.decode.tokens);
        const double n = std::clamp(seconds / per_token, static_cast<double>(kEnoughTokens),
                                    static_cast<double>(kMostTokens));
        QuietRounds rounds;
        size_t n_seen = 0;
        while (!rounds.is_done()) {
            Disturbance others;
            HEARTH_TRY(const RunStats stats, decode_some(*session, static_cast<size_t>(n) / 2));
            if (stats.decode.tokens == 0) break;
            rounds.add(stats, others.cores());
            n_seen += stats.decode.tokens;
        }
        if (n_seen >= kEnoughTokens) return rounds.result(setting);
        if (n_seen > 0) short_one = rounds.result(setting);
    }
    if (short_one) return *short_one;
    return make_error(ErrorCode::machine, "{}: decoded no token to measure", model_->name());
}

}  // namespace hearth
