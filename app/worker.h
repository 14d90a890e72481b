// Worker: the engine thread. Commands go in, events come out; it owns the model and the session.
//
// One command runs at a time, in order. The owner waits for event_fd() and takes the events; stop()
// may be called at any moment and ends the command that runs within 100 ms.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "app/event_loop.h"
#include "app/kv_reuse.h"
#include "app/learner.h"
#include "app/memory_budget.h"
#include "engine/base/thread_pool.h"
#include "engine/engine.h"

namespace hearth {

// --- commands ------------------------------------------------------------------------------------

struct LoadModel {
    std::string path;
    std::string isa;
    MemoryLimit memory;
    std::optional<Plan> plan;  // absent = what arithmetic makes of the memory limit
    SessionOptions session;
    KvReuseOptions kv = {};         // where KV caches are kept, if they are
    std::string plans_folder = "";  // of profiles, to learn from what is said; "" = none
};

struct Generate {
    // A conversation, or with `raw` one text without any template.
    std::vector<ChatMessage> messages;
    bool raw = false;
    std::string begun;   // the beginning of an answer that is continued
    bool trace = false;  // record each token; AnswerDone brings the last one
    GenerateOptions options;
};

// What a conversation would cost now: PromptPriced answers.
struct PricePrompt {
    std::vector<ChatMessage> messages;
};

// How many tokens a text has: TokensCounted answers.
struct CountTokens {
    std::string what;  // handed back
    std::string text;
};

// Gives the model's memory back before another one is planned for: ModelLeft answers.
struct LeaveModel {};

using ChatCommand = std::variant<LoadModel, Generate, PricePrompt, CountTokens, LeaveModel>;

// --- events --------------------------------------------------------------------------------------

struct LoadProgress {
    uint64_t bytes_done = 0;
    uint64_t bytes_total = 0;
};

struct ModelReady {
    std::string name;
    std::string isa;
    uint64_t weight_bytes = 0;
    size_t n_ctx = 0;
    size_t n_threads = 0;
    std::vector<std::string> warnings;
};

struct PrefillProgress {
    size_t tokens_done = 0;
    size_t tokens_total = 0;
};

// What the engine is doing, four times a second.
struct EngineReport {
    RunStats stats;                 // so far
    std::vector<FfnMemory> ffns;    // where neurons are streamed
    std::vector<TraceEvent> trace;  // of one token since the last report
};

// Complete UTF-8. Pieces that wait in the queue are joined.
struct AnswerText {
    std::string text;
    size_t tokens = 0;                                  // of this answer so far
    size_t context_tokens = 0;                          // in the KV cache
    std::optional<EngineReport> engine = std::nullopt;  // now and then
};

struct AnswerDone {
    StopReason stop_reason = StopReason::length;
    std::vector<Token> tokens;  // sampled
    RunStats stats;
    std::vector<TraceEvent> trace = {};
    std::vector<FfnMemory> ffns = {};  // where neurons are streamed: of this answer
};

struct PromptPriced {
    size_t prompt_tokens = 0;
    size_t tokens_to_read = 0;  // the rest is in the KV cache
};

// The command ended with an error; cancelled when stop() ended a loading.
struct WorkFailed {
    Error error;
    size_t prompt_tokens = 0;  // of a prompt that does not fit the context; 0 = something else
};

struct TokensCounted {
    std::string what;
    size_t tokens = 0;
};

struct ModelLeft {};

using ChatEvent = std::variant<LoadProgress, ModelReady, PrefillProgress, AnswerText, AnswerDone,
                               PromptPriced, TokensCounted, ModelLeft, WorkFailed>;

// --- the thread ----------------------------------------------------------------------------------

class Worker {
  public:
    static Result<std::unique_ptr<Worker>> create();
    ~Worker();  // stops what runs and joins
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void post(ChatCommand command);
    void stop();
    // A command runs or waits. Any thread may ask.
    bool is_busy() const { return busy_; }

    int event_fd() const { return events_ready_.fd(); }
    std::deque<ChatEvent> take_events();

  private:
    explicit Worker(EventFd events_ready) : events_ready_(std::move(events_ready)) {}
    void main();
    void emit(ChatEvent event);
    Continue go_on() const { return stopping_ ? Continue::no : Continue::yes; }

    // On the engine thread.
    Result<void> execute(const ChatCommand& command);
    Result<void> execute(const LoadModel& load);
    Result<void> execute(const Generate& generate);
    Result<void> execute(const PricePrompt& ask);
    Result<void> execute(const CountTokens& ask);
    Result<void> execute(const LeaveModel& leave);
    Result<std::vector<Token>> encode(const Generate& generate) const;
    Result<AnswerDone> answer(std::span<const Token> prompt, const Generate& generate);
    void hand_over(std::unique_ptr<Session> session);
    void leave_session();

    std::unique_ptr<Model> model_;      // engine thread; outlives session_
    std::unique_ptr<Session> session_;  // engine thread; stop() reads the pointer under mutex_

    std::optional<KvReuse> kv_reuse_;   // engine thread; of session_
    std::unique_ptr<Learner> learner_;  // engine thread; outlives session_
    std::optional<KeepToCores> cores_;  // engine thread; as the plan says

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<ChatCommand> commands_;  // under mutex_
    std::deque<ChatEvent> events_;      // under mutex_
    bool quitting_ = false;             // under mutex_
    std::atomic<bool> stopping_{false};
    std::atomic<bool> busy_{false};
    EventFd events_ready_;
    std::thread thread_;
};

}  // namespace hearth
