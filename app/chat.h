// Chat: the turns of one conversation, from the store to the engine and back. It draws nothing.
//
// The order of a turn is a promise: the person's message is committed before the engine starts, the
// growing answer is saved at least every kSaveInterval, and the whole of it when it ends. A store
// that fails stops saving, not answering: the answer is kept here and saved as soon as that works.
// One thread uses a Chat.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/answer_samples.h"
#include "app/message_tree.h"
#include "app/prompt.h"
#include "app/settings.h"
#include "app/worker.h"
#include "engine/base/result.h"
#include "storage/store.h"

namespace hearth {

class Chat {
  public:
    // The promise is 250 ms of text at most; a commit takes some of that.
    static constexpr auto kSaveInterval = std::chrono::milliseconds(150);

    // `options` holds the sampling settings of every turn; its owner may change them between turns.
    Chat(Store& store, Worker& worker, const ModelReady& model, const Options& options);

    // --- which conversation ----------------------------------------------------------------------
    // An empty one; it is in the store from its first message on.
    void start_new();
    Result<void> open(const Conversation& conversation);
    // nullopt before the first message.
    const std::optional<Conversation>& conversation() const { return conversation_; }
    // The shown branch, first to last.
    const std::vector<Message>& messages() const { return messages_; }
    Result<void> rename(std::string_view title);
    // The system prompt from the next message on; "" = none.
    void set_system(std::string_view text) { new_system_ = text; }
    std::string system() const;

    // A conversation with a character: its greetings are the first message, side by side. In
    // the store at once.
    Result<void> begin_role_play(RolePlay role_play);
    // nullptr where no character takes part.
    const RolePlay* role_play() const { return role_play_ ? &*role_play_ : nullptr; }
    // Changes the persona or the author's note, from the next message on.
    Result<void> change_role_play(const RolePlay& role_play);

    // --- turns -----------------------------------------------------------------------------------
    // Each starts an answer; events follow until busy() ends. An error means that nothing started
    // and nothing was lost: usage when there is nothing to do it to, else why it is not saved.
    // `parts` go with it: files, lore is added by itself.
    Result<void> send(std::string_view text, std::vector<Part> parts = {});
    // Another answer beside this one; nullopt: beside the last one.
    Result<void> regenerate(std::optional<MessageId> answer);
    // The rest of an answer that was stopped.
    Result<void> continue_answer();
    // Takes the last message of the person (and its answer) off the shown branch, and returns it.
    Result<std::string> undo();
    // Says something else in the place of a message of the person, on a branch beside it.
    Result<void> edit(MessageId message, std::string_view text);

    // --- the tree --------------------------------------------------------------------------------
    Variants variants(MessageId message) const { return tree_.variants(message); }
    // Shows the message that stands `step` places beside one of the shown branch, and what was
    // written last below it. false when there is none.
    Result<bool> swipe(MessageId message, int step);
    // Copies the branch up to a message into a new conversation, and opens that.
    Result<Conversation> fork(MessageId message);

    // Counts the changes of which messages are shown; what the last one says does not count.
    size_t revision() const { return revision_; }

    // --- a context that is full ------------------------------------------------------------------
    // From now on the oldest messages are not sent any more: about half of what is sent now. The
    // last message of the person always is. How many are left out in all; usage when there is
    // nothing left to leave out.
    Result<size_t> leave_out_oldest();
    // Messages at the front of the shown branch that are not sent.
    size_t left_out() const { return left_out_; }
    // Has the model sum up what leave_out_oldest() would leave out. Events follow as for an answer;
    // what it writes is no message, but is sent in the place of those messages and stands with the
    // next one. A message that waits for its answer is then answered, on a branch beside it. How
    // many messages are summed up.
    Result<size_t> summarise_oldest(std::string_view focus);
    bool summarising() const { return summary_.has_value(); }

    // Asks the engine what sending `draft` now would cost; PromptPriced answers.
    void ask_price(std::string_view draft);
    // Asks the engine how many tokens a text has; TokensCounted answers.
    void count_tokens(std::string what, std::string text);

    bool busy() const { return draft_.has_value() || summary_.has_value(); }
    void stop() { worker_.stop(); }

    // --- events of the worker, and time ----------------------------------------------------------
    // Each returns why something is not saved, if it is not.
    void take(const AnswerText& text);
    Result<void> take(const AnswerDone& done);
    Result<void> take(const WorkFailed& failed);
    // Call every kSaveInterval while busy, and while something is not saved.
    Result<void> save();
    // An answer ended, and the store could not take it yet.
    bool has_unsaved() const { return unsaved_.has_value(); }

    // Of the last answer.
    const std::optional<RunStats>& last_stats() const { return last_stats_; }

  private:
    // An answer whose end could not be written yet.
    struct Unsaved {
        MessageId message;
        MessageState state;
        std::string content;
        std::string stop_reason;
        std::optional<TurnStats> turn;  // what it cost, where that is known
    };

    // A summary that is being written, of the first messages.
    struct Summary {
        size_t n_messages = 0;
        std::string text;
    };

    Result<size_t> end_of_oldest() const;
    Result<void> finish_summary(StopReason reason);
    Result<MessageId> append(Role role, std::string_view content, MessageState state,
                             std::vector<Part> parts = {});
    void add_lore(std::string_view text, std::vector<Part>& parts) const;
    Result<void> begin_conversation();
    Result<void> save_leftover();
    // A draft below the last message, then the engine.
    Result<void> begin_answer();
    std::vector<Message> take_from(size_t index);
    Result<size_t> index_of(MessageId message) const;
    Result<void> load_tree();
    void post(std::string begun);
    std::vector<ChatMessage> prompt() const;
    Result<void> finish(MessageState state, std::string_view stop_reason,
                        std::optional<TurnStats> turn);

    Store& store_;
    Worker& worker_;
    const ModelReady& model_;
    const Options& options_;
    std::optional<Conversation> conversation_;
    std::vector<Message> messages_;
    size_t revision_ = 0;
    size_t left_out_ = 0;
    std::optional<Summary> summary_;  // being written
    std::optional<Part> with_next_;   // written; goes with the next message
    MessageTree tree_;                // of all branches
    std::optional<RolePlay> role_play_;
    std::optional<std::string> new_system_;
    std::optional<MessageId> draft_;  // the last of messages_, growing
    size_t saved_bytes_ = 0;          // of the draft
    size_t draft_tokens_ = 0;
    size_t prompt_bytes_ = 0;       // of what was posted last
    double bytes_per_token_ = 1.0;  // of the last prompt that was read; before it the safe guess
    std::optional<RunStats> live_stats_;  // of the draft, as last told
    AnswerSamples samples_;
    GenerateOptions generate_options_;
    std::optional<RunStats> last_stats_;
    std::optional<Unsaved> unsaved_;
};

}  // namespace hearth
