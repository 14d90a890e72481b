#include "app/ui/headless.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/stats_json.h"

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxLineBytes = 64 << 20;

void put(Output& out, std::string_view type, Json fields) {
    Json json{{"t", type}};
    json.update(fields);
    // A reader that goes away ends the input too, and with it the chat.
    (void)out.write(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::optional<std::string> text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::optional<MessageId> message_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number_integer()) return std::nullopt;
    return MessageId{found->get<int64_t>()};
}

}  // namespace

Result<UserAction> parse_action(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded() || !json.is_object()) {
        return make_error(ErrorCode::usage, "input: not a JSON object");
    }
    if (auto text = text_of(json, "say")) return UserAction(Say{*std::move(text)});
    if (auto text = text_of(json, "literal")) return UserAction(SayLiterally{*std::move(text)});
    if (auto draft = text_of(json, "price")) return UserAction(AskPrice{*std::move(draft)});
    if (const auto id = message_of(json, "again")) return UserAction(Again{*id});
    if (const auto id = message_of(json, "fork")) return UserAction(Fork{*id});
    if (const auto id = message_of(json, "edit")) {
        if (auto text = text_of(json, "text")) return UserAction(Edit{*id, *std::move(text)});
    }
    if (const auto id = message_of(json, "swipe")) {
        const auto step = json.find("step");
        if (step != json.end() && (*step == 1 || *step == -1)) {
            return UserAction(Swipe{*id, step->get<int>()});
        }
    }
    if (const auto pack = json.find("pack"); pack != json.end() && pack->is_boolean()) {
        return UserAction(DecidePack{pack->get<bool>()});
    }
    if (json.contains("stop")) return UserAction(Stop{});
    if (json.contains("leave")) return UserAction(Leave{});
    return make_error(ErrorCode::usage, "input: an object that asks for nothing that is known");
}

// --- input ---------------------------------------------------------------------------------------

Result<std::unique_ptr<Headless>> Headless::create(Output& out) {
    HEARTH_TRY(EventFd idle, EventFd::create());
    return std::unique_ptr<Headless>(new Headless(out, std::move(idle)));
}

std::vector<int> Headless::input_fds() const {
    return at_end_ ? std::vector<int>{idle_.fd()} : std::vector<int>{STDIN_FILENO, idle_.fd()};
}

void Headless::read_input() {
    std::array<char, 64 * 1024> buffer{};
    const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n <= 0) {
        at_end_ = true;
        return;
    }
    input_.append(buffer.data(), static_cast<size_t>(n));
    size_t begin = 0;
    for (size_t end = input_.find('\n'); end != std::string::npos; end = input_.find('\n', begin)) {
        auto action = parse_action(std::string_view(input_).substr(begin, end - begin));
        begin = end + 1;
        if (action) {
            waiting_.push_back(*std::move(action));
        } else {
            error(action.error());
        }
    }
    input_.erase(0, begin);
    if (input_.size() > kMaxLineBytes) input_.clear();
}

std::vector<UserAction> Headless::read() {
    idle_.drain();
    pollfd wait{STDIN_FILENO, POLLIN, 0};
    if (!at_end_ && ::poll(&wait, 1, 0) > 0) read_input();
    std::vector<UserAction> actions;
    const bool is_urgent =
        !waiting_.empty() && (std::holds_alternative<Stop>(waiting_.front()) ||
                              std::holds_alternative<DecidePack>(waiting_.front()));
    if (!waiting_.empty() && (!busy_ || is_urgent)) {
        actions.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    } else if (waiting_.empty() && at_end_ && !busy_) {
        actions.emplace_back(Leave{});
    }
    return actions;
}

// Comes back for the next one.
void Headless::settle() {
    if (!busy_ && (at_end_ || !waiting_.empty())) idle_.notify();
}

std::vector<UserAction> Headless::interrupted() {
    std::vector<UserAction> actions;
    actions.emplace_back(Stop{});
    return actions;
}

// --- the engine ----------------------------------------------------------------------------------

void Headless::preparing(const ModelChoice& model) {
    busy_ = true;
    put(out_, "preparing", {{"model", model.file_name()}});
}

void Headless::measuring(const PlanProgress& progress) {
    put(out_, "measuring",
        {{"step", to_string(progress.step)}, {"share", progress.share}, {"found", progress.found}});
}

void Headless::ask_pack(const PackOffer& offer) {
    put(out_, "pack", {{"path", offer.path}, {"bytes", offer.bytes}, {"seconds", offer.seconds}});
}

void Headless::models(std::span<const ModelListing> listed) {
    Json list = Json::array();
    for (const ModelListing& one : listed) {
        list.push_back({{"path", one.file.path}, {"what", describe(one)}});
    }
    put(out_, "models", {{"list", std::move(list)}});
}

void Headless::loading(const LoadProgress& progress) {
    put(out_, "loading", {{"done", progress.bytes_done}, {"total", progress.bytes_total}});
}

void Headless::ready(const ModelReady& ready, const Chat& chat) {
    chat_ = &chat;
    busy_ = chat.busy();
    put(out_, "ready",
        {{"model", ready.name}, {"n_ctx", ready.n_ctx}, {"n_threads", ready.n_threads}});
}

void Headless::turn_begun() {
    busy_ = true;
    put(out_, "begun", {{"message", number(chat_->messages().back().id)}});
}

void Headless::reading(const PrefillProgress& progress) {
    put(out_, "reading", {{"done", progress.tokens_done}, {"total", progress.tokens_total}});
}

void Headless::answering(const AnswerText& piece) {
    put(out_, "text", {{"s", piece.text}, {"tokens", piece.tokens}});
}

void Headless::turn_ended(const AnswerDone& done) {
    busy_ = false;
    const std::string& text = chat_->messages().back().content;
    const RunReport report{done.tokens, text, done.stop_reason, done.stats};
    put(out_, "end", {{"stats", Json::parse(run_report_json(report, false))}});
}

void Headless::turn_failed() {
    busy_ = false;
    put(out_, "failed", Json::object());
}

void Headless::priced(const Price& price) {
    put(out_, "price",
        {{"prompt_tokens", price.prompt_tokens}, {"tokens_to_read", price.tokens_to_read}});
}

// --- the conversation ----------------------------------------------------------------------------

void Headless::opened() {
    busy_ = chat_->busy();
    Json messages = Json::array();
    for (const Message& one : chat_->messages()) {
        const Variants variants = chat_->variants(one.id);
        messages.push_back({{"id", number(one.id)},
                            {"role", to_string(one.role)},
                            {"state", to_string(one.state)},
                            {"text", one.content},
                            {"variant", variants.index + 1},
                            {"variants", variants.count}});
    }
    put(out_, "opened", {{"left_out", chat_->left_out()}, {"messages", std::move(messages)}});
}

void Headless::queued(std::string_view text) {
    put(out_, "queued", {{"text", text}});
}

void Headless::preset(std::string text) {
    put(out_, "preset", {{"text", std::move(text)}});
}

// --- words ---------------------------------------------------------------------------------------

void Headless::note(std::string_view text) {
    put(out_, "note", {{"text", text}});
}

void Headless::error(const Error& error) {
    put(out_, "error", {{"code", static_cast<int>(error.code)}, {"message", error.message}});
}

void Headless::page(std::string_view title, std::string_view text) {
    put(out_, "page", {{"title", title}, {"text", text}});
}

void Headless::conversations(std::span<const ConversationSummary> summaries) {
    Json list = Json::array();
    for (const ConversationSummary& one : summaries) {
        list.push_back({{"id", number(one.conversation.id)},
                        {"title", one.conversation.title},
                        {"messages", one.messages}});
    }
    put(out_, "conversations", {{"list", std::move(list)}});
}

void Headless::found(std::span<const SearchHit> hits) {
    Json list = Json::array();
    for (const SearchHit& hit : hits) {
        list.push_back({{"conversation", number(hit.conversation.id)}, {"excerpt", hit.excerpt}});
    }
    put(out_, "found", {{"list", std::move(list)}});
}

void Headless::ask_overflow(size_t prompt_tokens, size_t n_ctx) {
    put(out_, "overflow", {{"prompt_tokens", prompt_tokens}, {"n_ctx", n_ctx}});
}

void Headless::show_dashboard(int page, const HistoryRows& history) {
    put(out_, "dashboard", {{"page", page}, {"days", history.days.size()}});
}

void Headless::toggle_rail() {
    note("there is no rail without a screen");
}

void Headless::use_theme(const Theme&) {
    note("there are no themes without a screen");
}

void Headless::close() {
    put(out_, "bye", Json::object());
}

}  // namespace hearth
