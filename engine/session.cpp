// Session: prefill, decode and generate over one sequence.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "engine/answer.h"
#include "engine/base/thread_pool.h"
#include "engine/engine.h"
#include "engine/kv_snapshot.h"
#include "engine/model/transformer.h"
#include "engine/neuron/model_identity.h"
#include "engine/streams.h"

namespace hearth {

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMaxThreads = 256;

// In predicted mode all gates of one token in this many are computed, to see what was missed.
constexpr size_t kRecallInterval = 64;

// Where gates are on disk, those of one cluster at every so manieth token: 0.5 ms of a 7B's
// reading.
constexpr size_t kProbeInterval = 4;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

uint64_t peak_rss_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

// The mode asked for, or the best lossless one; an error says what the model lacks.
Result<SparsityMode> choose_sparsity(const Model& model, std::optional<SparsityMode> wanted) {
    const ModelConfig& config = model.config();
    const LayerWeights& layer = model.weights().layers.front();
    // Bundles without gates in memory: only a predictor knows which to fetch.
    const Plan& plan = model.plan();
    const bool from_pack = plan.placement == FfnPlacement::by_neuron;
    const auto can_run = [&](SparsityMode mode) {
        if (!config.is_sparse()) return false;
        const bool has_rows = from_pack || (layer.ffn.front().down_is_transposed &&
                                            plan.placement == FfnPlacement::resident);
        if (mode == SparsityMode::predicted) {
            return has_rows && layer.predictor.is_present() && plan.streamed_gate_bytes == 0;
        }
        return has_rows && (!from_pack || plan.gates_resident);
    };
    if (!wanted) {
        if (can_run(SparsityMode::exact)) return SparsityMode::exact;
        return from_pack && can_run(SparsityMode::predicted) ? SparsityMode::predicted
                                                             : SparsityMode::dense;
    }
    if (*wanted == SparsityMode::dense || can_run(*wanted)) return *wanted;
    const char* const reason = !config.is_sparse() ? "its FFN is not a ReLU one"
                               : *wanted == SparsityMode::predicted && !layer.predictor.is_present()
                                   ? "its plan is for another mode, or it has no predictors"
                               : from_pack ? "the plan keeps no gates in memory"
                                           : "its down matrices are not stored by neurons";
    return make_error(ErrorCode::usage, "{}: cannot run with --sparsity {}: {} (dense works)",
                      model.gguf().path(), to_string(*wanted), reason);
}

}  // namespace

std::string_view to_string(StopReason reason) {
    switch (reason) {
        case StopReason::end_of_turn:
            return "end_of_turn";
        case StopReason::length:
            return "length";
        case StopReason::stop_string:
            return "stop_string";
        case StopReason::context_full:
            return "context_full";
        case StopReason::cancelled:
            return "cancelled";
    }
    return "";
}

class Session::Impl {
  public:
    Impl(const Model& model, size_t n_ctx, size_t n_threads, SparsityMode sparsity, Streams streams)
        : model_(model),
          config_(model.config()),
          sparsity_(sparsity),
          streams_(std::move(streams)),
          pool_(n_threads, model.plan().cores),
          cache_(config_, n_ctx),
          activations_(config_, model.weights().max_predictor_rank, model.kernels(), n_ctx,
                       n_threads),
          rope_(config_.rope, model.weights().rope_factors),
          compute_{model.kernels(), pool_, stop_, activations_.scratch.data(),
                   activations_.scratch_per_worker},
          trace_(n_threads) {
        tokens_.reserve(n_ctx);
    }

    void tell_firing(FiringSink sink) { activations_.firing.set_sink(std::move(sink)); }

    Result<void> prefill(std::span<const Token> tokens, const PrefillProgress& on_progress) {
        const auto start = Clock::now();
        begin_run();
        HEARTH_TRY_VOID(check_tokens(tokens));
        // The last token is always computed, so that its logits are there.
        const size_t reused = std::min(common_prefix(tokens), tokens.size() - 1);
        tokens_.resize(reused);
        stats_.prompt_tokens = tokens.size();
        stats_.reused_tokens = reused;
        const size_t total = tokens.size() - reused;
        while (tokens_.size() < tokens.size()) {
            if (on_progress && on_progress(tokens_.size() - reused, total) == Continue::no) {
                return cancelled();
            }
            const auto batch =
                tokens.subspan(tokens_.size())
                    .first(std::min(activations_.max_batch, tokens.size() - tokens_.size()));
            const size_t n_left = tokens.size() - tokens_.size() - batch.size();
            HEARTH_TRY_VOID(compute(batch, n_left == 0 ? Logits::last : Logits::none, n_left));
        }
        // Here, and not in the first token of the answer.
        if (reads_pack(1)) HEARTH_TRY_VOID(streams_.begin_by_neuron(activations_));
        if (on_progress) on_progress(total, total);
        stats_.prefill = {total, seconds_since(start)};
        return {};
    }

    Result<Generated> generate(const GenerateOptions& options, const TextSink& on_text) {
        HEARTH_TRY_VOID(options.sampler.check());
        if (tokens_.empty()) {
            return make_error(ErrorCode::usage, "nothing to continue: generate() before prefill()");
        }
        Sampler sampler(options.sampler, config_.n_vocab);
        Answer answer(model_.tokenizer(), options, on_text);
        latencies_ms_.clear();
        const auto start = Clock::now();
        std::optional<StopReason> stop;
        if (options.max_tokens == 0) stop = StopReason::length;
        while (!stop) {
            // Sampled from what the last pass left: the first token needs no decode.
            HEARTH_TRY(const Token token, sampler.pick(logits(), tokens_));
            if (answer.is_empty()) {
                stats_.ttft_ms = 1000.0 * (stats_.prefill.seconds + seconds_since(start));
            }
            stop = answer.add(token);
            if (stop) break;
            HEARTH_TRY(stop, step(token));
        }
        return answer.finish(*stop);
    }

    Result<void> decode(Token token) {
        if (tokens_.size() == cache_.n_ctx()) {
            return make_error(ErrorCode::usage, "the context of {} tokens is full", cache_.n_ctx());
        }
        return compute({&token, 1}, Logits::last, 0);
    }

    Result<void> score(std::span<const Token> tokens, const LogitsSink& on_logits) {
        begin_run();
        HEARTH_TRY_VOID(check_tokens(tokens));
        tokens_.clear();
        while (tokens_.size() < tokens.size()) {
            const size_t first = tokens_.size();
            const auto batch = tokens.subspan(first).first(
                std::min(activations_.max_batch, tokens.size() - first));
            HEARTH_TRY_VOID(compute(batch, Logits::all, tokens.size() - first - batch.size()));
            for (size_t t = 0; t < batch.size(); ++t) {
                if (on_logits(first + t, activations_.logits.span().subspan(t * config_.n_vocab,
                                                                            config_.n_vocab)) ==
                    Continue::no) {
                    return cancelled();
                }
            }
        }
        return {};
    }

    std::span<const float> logits() const {
        return activations_.logits.span().first(config_.n_vocab);
    }
    std::span<const Token> tokens() const { return tokens_; }
    size_t n_ctx() const { return cache_.n_ctx(); }
    size_t n_threads() const { return pool_.n_threads(); }
    size_t tokens_to_read(std::span<const Token> tokens) const {
        if (tokens.empty()) return 0;
        return tokens.size() - std::min(common_prefix(tokens), tokens.size() - 1);
    }
    Result<std::string> kv_key() const {
        HEARTH_TRY(const ModelIdentity identity, identify_model(model_.gguf()));
        return fmt::format("{}-{}-{}", identity.hex(), model_.kernels().name, to_string(sparsity_));
    }
    Result<void> save_kv(const KvSink& sink) {
        return write_kv(cache_, config_, tokens_.size(), sink);
    }
    Result<void> restore_kv(std::span<const Token> tokens, size_t saved, const KvSource& source) {
        tokens_.clear();
        HEARTH_TRY_VOID(check_tokens(tokens));
        HEARTH_CHECK(tokens.size() <= saved);
        HEARTH_TRY_VOID(read_kv(cache_, config_, saved, tokens.size(), source));
        tokens_.assign(tokens.begin(), tokens.end());
        return {};
    }
    uint64_t kv_bytes(size_t n_tokens) const { return kv_stream_bytes(config_, n_tokens); }
    void request_stop() { stop_.store(true); }
    void trace_next_token() { wants_trace_.store(true); }
    std::vector<TraceEvent> take_trace() {
        if (!std::exchange(has_trace_, false)) return {};
        return trace_.events();
    }
    std::vector<FfnMemory> ffn_memory() const {
        return streams_.neurons ? streams_.neurons->store().ffn_memory() : std::vector<FfnMemory>();
    }
    RunStats stats() const {
        RunStats stats = stats_;
        double total_ms = 0.0;
        for (const double ms : latencies_ms_) total_ms += ms;
        stats.decode = {latencies_ms_.size(), total_ms / 1000.0};
        stats.latency_ms = summarize_latencies(latencies_ms_);
        if (neurons_.seen > 0) {
            stats.active_fraction =
                static_cast<double>(neurons_.active) / static_cast<double>(neurons_.seen);
        }
        if (neurons_.sampled > 0) {
            stats.predictor_recall =
                static_cast<double>(neurons_.recalled) / static_cast<double>(neurons_.sampled);
        }
        stats.peak_rss_bytes = peak_rss_bytes();
        streams_.count_since(before_, stats);
        return stats;
    }

  private:
    void begin_run() {
        stop_.store(false);
        stats_ = RunStats{};
        neurons_ = NeuronCount{};
        latencies_ms_.clear();
        stats_.sparsity_mode = to_string(sparsity_);
        stats_.bytes_per_token = model_.weights().bytes_per_token(config_);
        stats_.fixed_bytes = model_.weights().fixed_bytes + cache_.bytes();
        stats_.hot.bytes = model_.weights().ffn_bytes;
        stats_.hot.capacity_bytes = stats_.hot.bytes;
        stats_.memory_budget_bytes = model_.plan().budget_bytes;
        stats_.plan = model_.plan().name;
        before_ = streams_.totals();
    }

    Result<void> check_tokens(std::span<const Token> tokens) const {
        if (tokens.empty()) return make_error(ErrorCode::usage, "the prompt is empty");
        if (tokens.size() > cache_.n_ctx()) {
            return make_error(
                ErrorCode::usage,
                "the prompt has {} tokens, the context holds {} (raise --ctx or shorten "
                "the conversation)",
                tokens.size(), cache_.n_ctx());
        }
        for (const Token token : tokens) {
            if (to_index(token) >= config_.n_vocab) {
                return make_error(ErrorCode::usage, "token {} is outside the vocabulary of {}",
                                  to_index(token), config_.n_vocab);
            }
        }
        return {};
    }

    size_t common_prefix(std::span<const Token> tokens) const {
        const auto pair =
            std::mismatch(tokens_.begin(), tokens_.end(), tokens.begin(), tokens.end());
        return static_cast<size_t>(pair.first - tokens_.begin());
    }

    // Of a model with a pack: whether a pass of n tokens takes its neurons from there.
    bool reads_pack(size_t n) const {
        return streams_.neurons && sparsity_ != SparsityMode::dense &&
               n <= streams_.neurons->max_batch();
    }
    // Whether the next pass will stream what this one of n tokens streams, when n_left more of a
    // prompt are to come; what comes behind a prompt are single tokens.
    bool is_followed_by_alike(size_t n, size_t n_left) const {
        return reads_pack(n) == reads_pack(std::clamp<size_t>(n_left, 1, activations_.max_batch));
    }

    // One pass, after which n_left tokens of a prompt follow; fails by being stopped, or when
    // weights cannot be read. tokens_ grows only when it was computed in full: it says what the
    // cache holds.
    Result<void> compute(std::span<const Token> batch, Logits logits, size_t n_left) {
        const bool by_neuron = reads_pack(batch.size());
        HEARTH_TRY_VOID(by_neuron ? streams_.begin_by_neuron(activations_)
                                  : streams_.begin_dense());
        if (by_neuron) streams_.neurons->begin_token();
        const FfnRun run{.mode = sparsity_,
                         .measures_recall = tokens_.size() % kRecallInterval == 0,
                         .probe = recall_probe(),
                         .neurons = streams_.neurons.get(),
                         .rows = streams_.rows.get(),
                         .looks_ahead = by_neuron && batch.size() == 1 &&
                                        sparsity_ == SparsityMode::predicted &&
                                        model_.plan().looks_ahead,
                         .another_pass_follows =
                             !streams_.neurons || is_followed_by_alike(batch.size(), n_left)};
        const StreamTotals at_begin = batch.size() > 1 ? streams_.totals() : StreamTotals{};
        const bool traced = batch.size() == 1 && wants_trace_.exchange(false);
        compute_.trace = traced ? &trace_ : nullptr;
        if (traced) trace_.begin_token();
        const auto count = forward(compute_, config_, model_.weights(), rope_, batch,
                                   tokens_.size(), logits, run, cache_, activations_);
        if (stop_.load() || !count) streams_.clear();
        has_trace_ = has_trace_ || traced;
        if (stop_.load()) return cancelled();
        if (!count) return tl::unexpected(count.error());
        tokens_.insert(tokens_.end(), batch.begin(), batch.end());
        if (batch.size() == 1) {
            neurons_ += *count;
        } else {
            before_.leave_out_hits(at_begin, streams_.totals());
        }
        return {};
    }

    // All clusters of all layers in turn.
    std::optional<RecallProbe> recall_probe() const {
        if (sparsity_ != SparsityMode::predicted || tokens_.size() % kProbeInterval != 0) {
            return std::nullopt;
        }
        const size_t probe = tokens_.size() / kProbeInterval;
        return RecallProbe{probe % config_.n_layers, probe / config_.n_layers % kLanes};
    }

    // One decode step of generate(); a reason when there is none to make.
    Result<std::optional<StopReason>> step(Token token) {
        if (tokens_.size() == cache_.n_ctx()) return StopReason::context_full;
        const auto start = Clock::now();
        if (auto done = compute({&token, 1}, Logits::last, 0); !done) {
            if (done.error().code == ErrorCode::cancelled) return StopReason::cancelled;
            return tl::unexpected(std::move(done).error());
        }
        latencies_ms_.push_back(1000.0 * seconds_since(start));
        return std::nullopt;
    }

    tl::unexpected<Error> cancelled() const {
        return make_error(ErrorCode::cancelled, "stopped at token {}", tokens_.size());
    }

    const Model& model_;
    const ModelConfig& config_;
    const SparsityMode sparsity_;
    Streams streams_;
    std::atomic<bool> stop_{false};
    ThreadPool pool_;
    KvCache cache_;
    Activations activations_;
    Rope rope_;
    Compute compute_;
    std::vector<Token> tokens_;
    NeuronCount neurons_;               // of decode steps
    RunStats stats_;                    // what is known without counting up: see stats()
    std::vector<double> latencies_ms_;  // of this generate()
    StreamTotals before_;               // when the run began
    TokenTrace trace_;
    std::atomic<bool> wants_trace_{false};
    bool has_trace_ = false;  // a token was recorded and not taken
};

Result<std::unique_ptr<Session>> Session::create(const Model& model,
                                                 const SessionOptions& options) {
    const size_t n_ctx = options.n_ctx != 0 ? options.n_ctx : default_context(model.config());
    const Plan& plan = model.plan();
    size_t n_threads = options.n_threads != 0 ? options.n_threads : plan.n_threads;
    if (n_threads == 0) n_threads = usable_cores();
    if (n_threads > kMaxThreads) {
        return make_error(ErrorCode::usage, "{} threads, range 1 to {}", n_threads, kMaxThreads);
    }
    if (n_ctx > model.config().n_ctx_max) {
        return make_error(ErrorCode::usage, "a context of {} tokens, this model can have {}", n_ctx,
                          model.config().n_ctx_max);
    }
    HEARTH_TRY(const SparsityMode sparsity,
               choose_sparsity(model, options.sparsity ? options.sparsity : plan.sparsity));
    try {
        HEARTH_TRY(Streams streams, open_streams(model, options.on_progress));
        auto impl = std::make_unique<Impl>(model, n_ctx, n_threads, sparsity, std::move(streams));
        impl->tell_firing(options.on_firing);
        return std::unique_ptr<Session>(new Session(std::move(impl)));
    } catch (const std::bad_alloc&) {
        return make_error(ErrorCode::machine,
                          "not enough memory for a context of {} tokens (lower --ctx)", n_ctx);
    }
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<void> Session::prefill(std::span<const Token> tokens, const PrefillProgress& on_progress) {
    return impl_->prefill(tokens, on_progress);
}
Result<Generated> Session::generate(const GenerateOptions& options, const TextSink& on_text) {
    return impl_->generate(options, on_text);
}
Result<void> Session::decode(Token token) {
    return impl_->decode(token);
}
Result<void> Session::score(std::span<const Token> tokens, const LogitsSink& on_logits) {
    return impl_->score(tokens, on_logits);
}
std::span<const float> Session::logits() const {
    return impl_->logits();
}
std::span<const Token> Session::tokens() const {
    return impl_->tokens();
}
size_t Session::n_ctx() const {
    return impl_->n_ctx();
}
size_t Session::n_threads() const {
    return impl_->n_threads();
}
size_t Session::tokens_to_read(std::span<const Token> tokens) const {
    return impl_->tokens_to_read(tokens);
}
void Session::trace_next_token() {
    impl_->trace_next_token();
}
std::vector<TraceEvent> Session::take_trace() {
    return impl_->take_trace();
}
std::vector<FfnMemory> Session::ffn_memory() const {
    return impl_->ffn_memory();
}
Result<std::string> Session::kv_key() const {
    return impl_->kv_key();
}
uint64_t Session::kv_bytes(size_t n_tokens) const {
    return impl_->kv_bytes(n_tokens);
}
Result<void> Session::save_kv(const KvSink& sink) const {
    return impl_->save_kv(sink);
}
Result<void> Session::restore_kv(std::span<const Token> tokens, size_t saved,
                                 const KvSource& source) {
    return impl_->restore_kv(tokens, saved, source);
}
void Session::request_stop() {
    impl_->request_stop();
}
RunStats Session::stats() const {
    return impl_->stats();
}

}  // namespace hearth
