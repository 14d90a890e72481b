// The engine's public face: a Model (a file, opened once) and Sessions (sequences being generated).
//
//   auto model = Model::open("model.gguf", {});
//   auto session = Session::create(**model, {});
//   session->prefill(tokens, {});                      // keeps what the last turn left in the
//   cache session->generate({.max_tokens = 100}, [](std::string_view text) { ... return
//   Continue::yes; });
//
// The engine knows no terminal, no database and no conversation: text and tokens in, text and
// numbers out. One thread uses a Session at a time; request_stop() may come from any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/token_trace.h"
#include "engine/gguf/gguf.h"
#include "engine/neuron/bundle_store.h"
#include "engine/neuron/firing.h"
#include "engine/neuron/plan.h"
#include "engine/neuron/sparse_ffn.h"
#include "engine/run_stats.h"
#include "engine/sampler.h"
#include "engine/text/chat_template.h"
#include "engine/text/tokenizer.h"

namespace hearth {

struct KernelTable;
struct ModelConfig;
struct Weights;

// --- Model -----------------------------------------------------------------------------------

struct ModelOptions {
    std::string isa = "";  // "" = the best this CPU has; "scalar", "avx2", "avx512" force one
    Plan plan = {};        // what stays in memory and what is streamed; the default keeps all
    // Called from the opening thread with bytes read so far; false cancels the opening.
    std::function<bool(uint64_t bytes_done, uint64_t bytes_total)> on_progress = nullptr;
};

// A model file, loaded: configuration, weights, tokenizer, chat template, kernels. Immutable after
// open(); shared by sessions, must outlive them.
class Model {
  public:
    // Everything that can be wrong with a file is found here: bad_file with one line. A file with
    // a vocabulary only is refused (use Gguf and Tokenizer for that).
    static Result<std::unique_ptr<Model>> open(const std::string& path,
                                               const ModelOptions& options);
    // The same for a file whose header was read already, to make a plan for it.
    static Result<std::unique_ptr<Model>> open(Gguf gguf, const ModelOptions& options);
    ~Model();
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    const Gguf& gguf() const;
    const ModelConfig& config() const;
    const Weights& weights() const;
    const Tokenizer& tokenizer() const;
    const ChatTemplate& chat_template() const;
    const KernelTable& kernels() const;
    const Plan& plan() const;
    std::string name() const;       // general.name, else the file's name
    uint64_t weight_bytes() const;  // resident weights
    size_t context_length() const;  // what the model was trained for
    // Lines worth telling once: missing pre-tokenizer, no chat template, ...
    const std::vector<std::string>& warnings() const;

    // A conversation as tokens, ready for Session::prefill: template, BOS exactly once, control
    // tokens from markup only. An answer that was begun already is put behind the prompt, as text,
    // to be continued.
    Result<std::vector<Token>> encode_chat(const std::vector<ChatMessage>& messages,
                                           std::string_view answer_begun = "") const;
    // Plain text, BOS as the tokenizer says (`--raw`).
    std::vector<Token> encode_raw(std::string_view text) const;

  private:
    struct Parts;
    explicit Model(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

// --- Session ---------------------------------------------------------------------------------

struct SessionOptions {
    size_t n_ctx = 0;      // positions in the KV cache; 0 = what it was trained for, at most 4096
    size_t n_threads = 0;  // 0 = as the plan says, else one per core this process may run on
    // How decode computes the FFNs; absent = as the plan says, else exact where the model can (ReLU
    // and transposed down), else dense. A mode the model cannot run is a usage error that says why.
    std::optional<SparsityMode> sparsity = std::nullopt;
    // While the cache of a by-neuron plan is filled, in create(): bytes read so far; false cancels.
    std::function<bool(uint64_t bytes_done, uint64_t bytes_total)> on_progress = nullptr;
    FiringSink on_firing = nullptr;  // is told which neurons fire; it must not use the session
};

enum class Continue { yes, no };

enum class StopReason { end_of_turn, length, stop_string, context_full, cancelled };
std::string_view to_string(StopReason reason);

struct GenerateOptions {
    SamplerOptions sampler;
    size_t max_tokens = SIZE_MAX;
    std::vector<std::string> stop_strings;  // not part of the answer; found across tokens
};

struct Generated {
    StopReason stop_reason = StopReason::length;
    std::vector<Token> tokens;  // all sampled ones, without the one that ended the turn
    std::string text;           // what on_text was given, joined; valid UTF-8
};

// How snapshots of the KV cache leave and enter: a few large pieces, in order.
using KvSink = std::function<Result<void>(std::span<const std::byte> piece)>;
using KvSource = std::function<Result<void>(std::span<std::byte> piece)>;  // fills it or fails

class Session {
  public:
    static Result<std::unique_ptr<Session>> create(const Model& model,
                                                   const SessionOptions& options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Makes the sequence equal to `tokens`: the longest common prefix with what is cached is kept,
    // the rest is computed (at least the last token, so that logits are there). Called from the
    // session's thread, `on_progress` gets tokens done and to do and may stop it. Errors: usage
    // when the tokens do not fit in n_ctx (message says how many do); cancelled. After an error or
    // a stop the cache is consistent: what was computed is kept and reused.
    using PrefillProgress = std::function<Continue(size_t done, size_t total)>;
    Result<void> prefill(std::span<const Token> tokens, const PrefillProgress& on_progress);

    // Samples and decodes until something stops it. `on_text` gets each piece of complete UTF-8 as
    // soon as no stop string can begin in it. Call after prefill().
    using TextSink = std::function<Continue(std::string_view text)>;
    Result<Generated> generate(const GenerateOptions& options, const TextSink& on_text);

    // Natural-log probabilities' raw material: the logits (n_vocab) after the last token.
    std::span<const float> logits() const;
    // Appends one token and computes its logits, as generate() does.
    Result<void> decode(Token token);

    // Evaluation (perplexity, `inspect logits`): computes `tokens` from an empty sequence in large
    // batches and hands out the logits after each position. Errors as prefill().
    using LogitsSink = std::function<Continue(size_t position, std::span<const float> logits)>;
    Result<void> score(std::span<const Token> tokens, const LogitsSink& on_logits);

    // The tokens whose keys and values are cached.
    std::span<const Token> tokens() const;
    size_t n_ctx() const;
    size_t n_threads() const;
    // How many of `tokens` prefill() would have to compute: the price tag of a message.
    size_t tokens_to_read(std::span<const Token> tokens) const;

    // The next single token that is computed records what each worker does (any thread may ask).
    void trace_next_token();
    // The last token recorded, handed out once; empty when there is no new one. From the session's
    // thread, as are all that follow but request_stop().
    std::vector<TraceEvent> take_trace();

    // What is in memory of each FFN (by layer, then expert) and how often its neurons were; empty
    // unless the plan streams by neuron.
    std::vector<FfnMemory> ffn_memory() const;

    // The keys and values of tokens(), to be kept and given back to restore_kv(). They belong to
    // this model, instruction set and sparsity mode: under kv_key() they may be kept (it reads the
    // model file, milliseconds). save_kv fails as `sink` does.
    Result<std::string> kv_key() const;
    uint64_t kv_bytes(size_t n_tokens) const;
    Result<void> save_kv(const KvSink& sink) const;
    // Makes the sequence equal to `tokens`, the first of `saved` tokens whose kv_bytes(saved) bytes
    // `source` gives. There are no logits yet: prefill() what follows (or the same tokens: only the
    // last is computed again). After an error the sequence is empty, which is never wrong.
    Result<void> restore_kv(std::span<const Token> tokens, size_t saved, const KvSource& source);

    // Stops prefill() or generate() within 100 ms, from any thread or a signal handler; they return
    // `cancelled`. Cleared when the next prefill() or score() begins.
    void request_stop();

    // Of the last prefill() + generate(), while they run as well (from within their callbacks).
    RunStats stats() const;

  private:
    class Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace hearth
