#include "app/worker.h"

#include <chrono>
#include <new>
#include <system_error>
#include <utility>

#include "app/model_file.h"
#include "engine/kernels/kernels.h"

namespace hearth {
namespace {

constexpr std::string_view kOutOfMemory =
    "out of memory (a smaller --ctx or a smaller model needs less)";

constexpr auto kStatsInterval = std::chrono::milliseconds(250);

// Joins a new event with the one that waits, so that a slow reader finds a short queue: texts are
// joined, of progress only the latest counts.
bool absorb(ChatEvent& waiting, const ChatEvent& event) {
    if (waiting.index() != event.index()) return false;
    if (auto* text = std::get_if<AnswerText>(&waiting)) {
        const AnswerText& more = std::get<AnswerText>(event);
        text->text += more.text;
        text->tokens = more.tokens;
        text->context_tokens = more.context_tokens;
        if (more.engine) text->engine = more.engine;
        return true;
    }
    const bool progress = std::holds_alternative<LoadProgress>(event) ||
                          std::holds_alternative<PrefillProgress>(event) ||
                          std::holds_alternative<PromptPriced>(event);
    if (progress) waiting = event;
    return progress;
}

// What was counted between two moments; the rest as it is at the second one.
std::vector<FfnMemory> since(const std::vector<FfnMemory>& before, std::vector<FfnMemory> now) {
    if (before.size() != now.size()) return now;
    for (size_t i = 0; i < now.size(); ++i) {
        now[i].hits -= before[i].hits;
        now[i].misses -= before[i].misses;
    }
    return now;
}

}  // namespace

Result<std::unique_ptr<Worker>> Worker::create() {
    HEARTH_TRY(EventFd events_ready, EventFd::create());
    std::unique_ptr<Worker> worker(new Worker(std::move(events_ready)));
    try {
        worker->thread_ = std::thread(&Worker::main, worker.get());
    } catch (const std::system_error& error) {
        return make_error(ErrorCode::machine, "cannot start a thread: {} (ulimit -u, ulimit -v)",
                          error.code().message());
    }
    return worker;
}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        quitting_ = true;
        commands_.clear();
    }
    stop();
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Worker::post(ChatCommand command) {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = quitting_;
        commands_.push_back(std::move(command));
    }
    wake_.notify_one();
}

void Worker::stop() {
    // The flag first: a generation that begins after request_stop() still sees it.
    stopping_ = true;
    const std::lock_guard lock(mutex_);
    if (session_) session_->request_stop();
}

std::deque<ChatEvent> Worker::take_events() {
    events_ready_.drain();
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
}

void Worker::emit(ChatEvent event) {
    {
        const std::lock_guard lock(mutex_);
        if (events_.empty() || !absorb(events_.back(), event)) events_.push_back(std::move(event));
    }
    events_ready_.notify();
}

void Worker::main() {
    while (true) {
        std::unique_lock lock(mutex_);
        busy_ = !commands_.empty();
        wake_.wait(lock, [this] { return quitting_ || !commands_.empty(); });
        busy_ = true;
        if (quitting_) {
            lock.unlock();
            return leave_session();
        }
        const ChatCommand command = std::move(commands_.front());
        commands_.pop_front();
        lock.unlock();

        Result<void> done;
        try {
            done = execute(command);
        } catch (const std::bad_alloc&) {
            done = make_error(ErrorCode::machine, "{}", kOutOfMemory);
        }
        if (!done) emit(WorkFailed{done.error(), 0});
    }
}

Result<void> Worker::execute(const ChatCommand& command) {
    return std::visit([this](const auto& one) { return execute(one); }, command);
}

void Worker::hand_over(std::unique_ptr<Session> session) {
    const std::lock_guard lock(mutex_);
    session_ = std::move(session);
}

// Keeps what was computed; the session ends.
void Worker::leave_session() {
    if (kv_reuse_) kv_reuse_->keep();
    kv_reuse_.reset();
    cores_.reset();
    hand_over(nullptr);
    if (learner_) learner_->keep();
    learner_.reset();
}

Result<void> Worker::execute(const LoadModel& load) {
    leave_session();
    ModelOptions options;
    options.isa = load.isa;
    options.on_progress = [this](uint64_t done, uint64_t total) {
        emit(LoadProgress{done, total});
        return !stopping_;
    };
    HEARTH_TRY(Gguf gguf, Gguf::open(load.path));
    if (load.plan) {
        options.plan = *load.plan;
    } else {
        HEARTH_TRY(options.plan, make_plan(gguf, load.memory, load.session));
    }
    HEARTH_TRY(model_, Model::open(std::move(gguf), options));
    SessionOptions session_options = load.session;
    session_options.on_progress = options.on_progress;
    learner_ = Learner::create(*model_, load.plans_folder);
    if (learner_) session_options.on_firing = learner_->sink();
    HEARTH_TRY(auto session, Session::create(*model_, session_options));
    cores_.emplace(model_->plan().cores);
    ModelReady ready{model_->name(),         std::string(model_->kernels().name),
                     model_->weight_bytes(), session->n_ctx(),
                     session->n_threads(),   model_->warnings()};
    hand_over(std::move(session));
    if (!load.kv.folder.empty()) {
        auto reuse = KvReuse::create(*session_, load.kv);
        if (reuse) kv_reuse_.emplace(*std::move(reuse));
    }
    emit(std::move(ready));
    return {};
}

Result<void> Worker::execute(const LeaveModel&) {
    leave_session();
    model_.reset();
    emit(ModelLeft{});
    return {};
}

Result<std::vector<Token>> Worker::encode(const Generate& generate) const {
    if (generate.raw) return model_->encode_raw(generate.messages.front().content);
    return model_->encode_chat(generate.messages, generate.begun);
}

Result<void> Worker::execute(const Generate& generate) {
    if (!session_) return make_error(ErrorCode::usage, "no model is loaded");
    HEARTH_TRY(const std::vector<Token> prompt, encode(generate));
    auto done = answer(prompt, generate);
    if (!done && done.error().code == ErrorCode::cancelled) {
        done = AnswerDone{StopReason::cancelled, {}, session_->stats(), {}};
    }
    if (!done && prompt.size() > session_->n_ctx()) {
        emit(WorkFailed{done.error(), prompt.size()});
        return {};
    }
    if (!done) return tl::unexpected(std::move(done).error());
    emit(*std::move(done));
    return {};
}

Result<void> Worker::execute(const PricePrompt& ask) {
    if (!session_) return make_error(ErrorCode::usage, "no model is loaded");
    HEARTH_TRY(const std::vector<Token> prompt, model_->encode_chat(ask.messages));
    emit(PromptPriced{prompt.size(), session_->tokens_to_read(prompt)});
    return {};
}

Result<void> Worker::execute(const CountTokens& ask) {
    if (!model_) return make_error(ErrorCode::usage, "no model is loaded");
    const auto tokens = model_->tokenizer().encode(ask.text, SpecialTokens::as_text);
    emit(TokensCounted{ask.what, tokens.size()});
    return {};
}

Result<AnswerDone> Worker::answer(std::span<const Token> prompt, const Generate& generate) {
    if (kv_reuse_) kv_reuse_->prepare(prompt);
    HEARTH_TRY_VOID(session_->prefill(prompt, [this](size_t done, size_t total) {
        emit(PrefillProgress{done, total});
        return go_on();
    }));
    if (stopping_) return AnswerDone{StopReason::cancelled, {}, session_->stats(), {}};
    const std::vector<FfnMemory> before = session_->ffn_memory();
    auto told = std::chrono::steady_clock::now();
    session_->trace_next_token();
    HEARTH_TRY(
        Generated generated, session_->generate(generate.options, [&](std::string_view text) {
            if (generate.trace) session_->trace_next_token();
            // The token that this text ends with is sampled and not yet in the cache.
            const size_t cached = session_->tokens().size();
            AnswerText piece{std::string(text), cached - prompt.size() + 1, cached};
            if (const auto now = std::chrono::steady_clock::now(); now - told >= kStatsInterval) {
                piece.engine = EngineReport{
                    session_->stats(), session_->ffn_memory(),
                    generate.trace ? std::vector<TraceEvent>() : session_->take_trace()};
                session_->trace_next_token();
                told = now;
            }
            emit(std::move(piece));
            return go_on();
        }));
    return AnswerDone{generated.stop_reason, std::move(generated.tokens), session_->stats(),
                      session_->take_trace(), since(before, session_->ffn_memory())};
}

}  // namespace hearth
