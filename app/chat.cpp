#include "app/chat.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "app/generation.h"
#include "app/turn_stats.h"

namespace hearth {
namespace {

// Whether the answer ended by itself.
MessageState state_after(StopReason reason) {
    const bool complete = reason == StopReason::end_of_turn || reason == StopReason::stop_string;
    return complete ? MessageState::done : MessageState::stopped;
}

int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool is_user(const Message& message) {
    return message.role == Role::user;
}

}  // namespace

Chat::Chat(Store& store, Worker& worker, const ModelReady& model, const Options& options)
    : store_(store), worker_(worker), model_(model), options_(options) {
    start_new();
}

// --- which conversation --------------------------------------------------------------------------

void Chat::start_new() {
    conversation_.reset();
    messages_.clear();
    ++revision_;
    left_out_ = 0;
    with_next_.reset();
    tree_.clear();
    role_play_.reset();
    new_system_.reset();
    if (!options_.system.empty()) new_system_ = options_.system;
}

Result<void> Chat::open(const Conversation& conversation) {
    HEARTH_TRY(auto messages, store_.conversations().path(conversation.id));
    HEARTH_TRY(const std::string setup, store_.conversations().setup(conversation.id));
    HEARTH_TRY(auto role_play, role_play_from(setup));
    start_new();
    role_play_ = std::move(role_play);
    messages_ = std::move(messages);
    left_out_ = summarised(messages_);
    ++revision_;
    conversation_ = conversation;
    HEARTH_TRY_VOID(load_tree());
    const bool has_system = std::any_of(messages_.begin(), messages_.end(),
                                        [](const Message& m) { return m.role == Role::system; });
    if (has_system) new_system_.reset();  // a conversation keeps its own until /system
    return {};
}

Result<void> Chat::begin_role_play(RolePlay role_play) {
    start_new();
    HEARTH_TRY_VOID(begin_conversation());
    HEARTH_TRY_VOID(store_.conversations().set_setup(conversation_->id, to_setup(role_play)));
    HEARTH_TRY_VOID(store_.conversations().rename(conversation_->id, role_play.card.name));
    conversation_->title = role_play.card.name;
    role_play_ = std::move(role_play);
    std::optional<MessageId> first;
    for (const std::string& hello : greetings(*role_play_)) {
        messages_.clear();  // each begins a branch of its own
        HEARTH_TRY(const MessageId id, append(Role::assistant, hello, MessageState::done));
        if (!first) first = id;
    }
    if (!first) return {};
    HEARTH_TRY_VOID(store_.conversations().select_leaf(conversation_->id, *first));
    HEARTH_TRY(messages_, store_.conversations().path(conversation_->id));
    return {};
}

Result<void> Chat::change_role_play(const RolePlay& role_play) {
    HEARTH_TRY_VOID(store_.conversations().set_setup(conversation_->id, to_setup(role_play)));
    role_play_ = role_play;
    return {};
}

Result<void> Chat::rename(std::string_view title) {
    if (!conversation_) {
        return make_error(ErrorCode::usage, "nothing to name yet (say something first)");
    }
    HEARTH_TRY_VOID(store_.conversations().rename(conversation_->id, title));
    conversation_->title = title;
    return {};
}

std::string Chat::system() const {
    if (new_system_) return *new_system_;
    for (auto message = messages_.rbegin(); message != messages_.rend(); ++message) {
        if (message->role == Role::system) return message->content;
    }
    return "";
}

Result<void> Chat::begin_conversation() {
    HEARTH_TRY(conversation_, store_.conversations().create(model_.name));
    return {};
}

Result<MessageId> Chat::append(Role role, std::string_view content, MessageState state,
                               std::vector<Part> parts) {
    NewMessage added;
    added.conversation = conversation_->id;
    if (!messages_.empty()) added.parent = messages_.back().id;
    added.role = role;
    added.content = content;
    added.state = state;
    if (role == Role::assistant) added.model = model_.name;
    added.parts = std::move(parts);
    HEARTH_TRY(const MessageId id, store_.conversations().append(added));
    Message message;
    message.id = id;
    message.conversation = added.conversation;
    message.parent = added.parent;
    message.role = role;
    message.state = state;
    message.content = content;
    message.model = added.model;
    message.created_ms = now_ms();
    message.parts = std::move(added.parts);
    tree_.add(message);
    messages_.push_back(std::move(message));
    ++revision_;
    return id;
}

// --- turns ---------------------------------------------------------------------------------------

void Chat::add_lore(std::string_view text, std::vector<Part>& parts) const {
    if (!role_play_) return;
    if (auto lore = lore_for(messages_, text, *role_play_)) parts.push_back(*std::move(lore));
}

Result<void> Chat::send(std::string_view text, std::vector<Part> parts) {
    HEARTH_TRY_VOID(save_leftover());
    if (!conversation_) HEARTH_TRY_VOID(begin_conversation());
    const std::optional<std::string> wanted = std::exchange(new_system_, std::nullopt);
    if (wanted && *wanted != system()) {
        const auto added = append(Role::system, *wanted, MessageState::done);
        if (!added) {
            new_system_ = wanted;
            return tl::unexpected(added.error());
        }
    }
    add_lore(text, parts);
    if (with_next_) parts.push_back(*with_next_);
    HEARTH_TRY_VOID(append(Role::user, text, MessageState::done, std::move(parts)));
    with_next_.reset();
    if (conversation_->title.empty()) conversation_->title = title_from(text);
    return begin_answer();
}

Result<void> Chat::regenerate(std::optional<MessageId> answer) {
    HEARTH_TRY_VOID(save_leftover());
    size_t kept = messages_.size();
    if (answer) {
        HEARTH_TRY(kept, index_of(*answer));
    } else if (kept > 0 && messages_.back().role == Role::assistant) {
        --kept;
    }
    if (kept < messages_.size() && is_user(messages_[kept])) ++kept;  // what it was answered
    if (kept == 0 || messages_[kept - 1].role != Role::user) {
        return make_error(ErrorCode::usage, "there is no answer to write anew");
    }
    std::vector<Message> taken = take_from(kept);
    auto begun = begin_answer();
    if (!begun) std::move(taken.begin(), taken.end(), std::back_inserter(messages_));
    return begun;
}

Result<void> Chat::continue_answer() {
    HEARTH_TRY_VOID(save_leftover());
    if (messages_.empty() || messages_.back().role == Role::system) {
        return make_error(ErrorCode::usage, "there is no answer to continue");
    }
    Message& last = messages_.back();
    if (is_user(last)) return begin_answer();  // the program ended before the answer began
    if (last.state == MessageState::done) {
        return make_error(ErrorCode::usage,
                          "the last answer is complete (/regen writes another one)");
    }
    HEARTH_TRY_VOID(store_.conversations().resume(last.id));
    last.state = MessageState::draft;
    draft_ = last.id;
    saved_bytes_ = last.content.size();
    post(last.content);
    return {};
}

Result<std::string> Chat::undo() {
    HEARTH_TRY_VOID(save_leftover());
    const auto last = std::find_if(messages_.rbegin(), messages_.rend(), is_user);
    if (last == messages_.rend()) {
        return make_error(ErrorCode::usage, "there is no message to take back");
    }
    std::string text = last->content;
    const auto first_removed = last.base() - 1;
    if (first_removed == messages_.begin()) {
        start_new();  // a conversation cannot show nothing; the old one stays as it is
        return text;
    }
    HEARTH_TRY_VOID(store_.conversations().select_leaf(conversation_->id, (first_removed - 1)->id));
    messages_.erase(first_removed, messages_.end());
    left_out_ = std::min(left_out_, messages_.size());
    ++revision_;
    return text;
}

Result<void> Chat::edit(MessageId message, std::string_view text) {
    HEARTH_TRY_VOID(save_leftover());
    HEARTH_TRY(const size_t index, index_of(message));
    if (!is_user(messages_[index])) {
        return make_error(ErrorCode::usage, "only what you said can be said differently");
    }
    std::vector<Message> taken = take_from(index);
    std::vector<Part> parts = taken.front().parts;
    std::erase_if(parts, [](const Part& part) { return part.kind == kLorePart; });
    add_lore(text, parts);
    const auto added = append(Role::user, text, MessageState::done, std::move(parts));
    if (added) return begin_answer();
    std::move(taken.begin(), taken.end(), std::back_inserter(messages_));
    return tl::unexpected(added.error());
}

// --- the tree ------------------------------------------------------------------------------------

// Takes the messages from `index` on off the shown branch.
std::vector<Message> Chat::take_from(size_t index) {
    const auto first = messages_.begin() + static_cast<std::ptrdiff_t>(index);
    std::vector<Message> taken(std::make_move_iterator(first),
                               std::make_move_iterator(messages_.end()));
    messages_.erase(first, messages_.end());
    left_out_ = std::min(left_out_, messages_.size());
    ++revision_;
    return taken;
}

Result<size_t> Chat::index_of(MessageId message) const {
    const auto found = std::find_if(messages_.begin(), messages_.end(),
                                    [&](const Message& one) { return one.id == message; });
    if (found != messages_.end()) return static_cast<size_t>(found - messages_.begin());
    return make_error(ErrorCode::usage, "message {} is not on this branch", number(message));
}

Result<void> Chat::load_tree() {
    tree_.clear();
    HEARTH_TRY(const auto all, store_.conversations().tree(conversation_->id));
    for (const Message& message : all) tree_.add(message);
    return {};
}

Result<bool> Chat::swipe(MessageId message, int step) {
    if (busy()) return make_error(ErrorCode::usage, "an answer is being written");
    HEARTH_TRY_VOID(index_of(message));
    const auto beside = tree_.beside(message, step);
    if (!beside) return false;
    HEARTH_TRY_VOID(
        store_.conversations().select_leaf(conversation_->id, tree_.newest_leaf(*beside)));
    HEARTH_TRY(messages_, store_.conversations().path(conversation_->id));
    left_out_ = summarised(messages_);
    with_next_.reset();
    ++revision_;
    return true;
}

Result<Conversation> Chat::fork(MessageId message) {
    if (busy()) return make_error(ErrorCode::usage, "an answer is being written");
    HEARTH_TRY(const size_t index, index_of(message));
    HEARTH_TRY(Conversation copy, store_.conversations().create(model_.name));
    const std::string title = conversation_->title;
    if (role_play_) {
        HEARTH_TRY_VOID(store_.conversations().set_setup(copy.id, to_setup(*role_play_)));
    }
    std::optional<MessageId> parent;
    for (size_t i = 0; i <= index; ++i) {
        const Message& one = messages_[i];
        HEARTH_TRY(parent,
                   store_.conversations().append(
                       {copy.id, parent, one.role, one.content,
                        one.role == Role::assistant ? MessageState::draft : MessageState::done,
                        one.model, one.parts}));
        if (one.role != Role::assistant) continue;
        HEARTH_TRY_VOID(
            store_.conversations().finish(*parent, {one.state, one.content, one.stop_reason}));
    }
    HEARTH_TRY_VOID(store_.conversations().rename(copy.id, title + " (copy)"));
    HEARTH_TRY(copy, store_.conversations().get(copy.id));
    HEARTH_TRY_VOID(open(copy));
    return copy;
}

// --- the engine ----------------------------------------------------------------------------------

void Chat::ask_price(std::string_view draft) {
    PricePrompt ask;
    ask.messages = prompt();
    if (!draft.empty()) ask.messages.push_back({"user", std::string(draft)});
    worker_.post(std::move(ask));
}

Result<void> Chat::begin_answer() {
    HEARTH_TRY(draft_, append(Role::assistant, "", MessageState::draft));
    saved_bytes_ = 0;
    post("");
    return {};
}

void Chat::post(std::string begun) {
    generate_options_ = generate_options(options_);
    last_stats_.reset();
    draft_tokens_ = 0;
    live_stats_.reset();
    samples_.begin(AnswerSamples::Clock::now());
    Generate generate;
    generate.messages = prompt();
    prompt_bytes_ = 0;
    for (const ChatMessage& one : generate.messages) prompt_bytes_ += one.content.size();
    generate.begun = std::move(begun);
    generate.options = generate_options_;
    worker_.post(std::move(generate));
}

std::vector<ChatMessage> Chat::prompt() const {
    return build_prompt(std::span(messages_).subspan(left_out_), draft_, system(), role_play());
}

void Chat::count_tokens(std::string what, std::string text) {
    worker_.post(CountTokens{std::move(what), std::move(text)});
}

// --- events --------------------------------------------------------------------------------------

void Chat::take(const AnswerText& text) {
    if (summary_) summary_->text += text.text;
    if (!draft_) return;
    messages_.back().content += text.text;
    draft_tokens_ = text.tokens;
    if (text.engine) live_stats_ = text.engine->stats;
}

Result<void> Chat::take(const AnswerDone& done) {
    if (summary_) return finish_summary(done.stop_reason);
    if (!busy()) return {};
    last_stats_ = done.stats;
    if (done.stats.prompt_tokens > 0 && prompt_bytes_ > 0) {
        bytes_per_token_ =
            static_cast<double>(prompt_bytes_) / static_cast<double>(done.stats.prompt_tokens);
    }
    TurnStats turn = turn_stats(done.stats, model_, generate_options_);
    turn.layers = layer_counters(done.ffns);
    return finish(state_after(done.stop_reason), to_string(done.stop_reason), std::move(turn));
}

Result<void> Chat::take(const WorkFailed& failed) {
    if (summary_) return finish_summary(StopReason::cancelled);
    if (!busy()) return {};
    const bool stopped = failed.error.code == ErrorCode::cancelled;
    return finish(stopped ? MessageState::stopped : MessageState::failed,
                  stopped ? "cancelled" : "error", std::nullopt);
}

Result<void> Chat::save() {
    if (!draft_) return save_leftover();
    if (const auto sample =
            samples_.tick(AnswerSamples::Clock::now(), draft_tokens_, live_stats_)) {
        (void)store_.run_stats().add_sample(*sample);  // a gap in a plot is no loss
    }
    if (messages_.back().content.size() == saved_bytes_) return {};
    HEARTH_TRY_VOID(store_.conversations().grow(*draft_, messages_.back().content));
    saved_bytes_ = messages_.back().content.size();
    return {};
}

Result<void> Chat::finish(MessageState state, std::string_view stop_reason,
                          std::optional<TurnStats> turn) {
    Message& answer = messages_.back();
    answer.state = state;
    answer.stop_reason = stop_reason;
    draft_.reset();
    unsaved_ = Unsaved{answer.id, state, answer.content, answer.stop_reason, std::move(turn)};
    return save_leftover();
}

Result<void> Chat::save_leftover() {
    if (!unsaved_) return {};
    HEARTH_TRY_VOID(store_.conversations().finish(
        unsaved_->message, {unsaved_->state, unsaved_->content, unsaved_->stop_reason}));
    const Unsaved saved = *std::exchange(unsaved_, std::nullopt);
    if (!saved.turn) return {};
    return store_.run_stats().record(saved.message, *saved.turn);
}

}  // namespace hearth
