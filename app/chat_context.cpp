// A conversation that outgrows its context: what is left out, and the summary in its place.
#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "app/chat.h"
#include "app/generation.h"

namespace hearth {
namespace {

constexpr size_t kSummaryTokens = 320;
constexpr double kRequestBytes = 400.0;  // what asks for the summary, and the template
constexpr double kCaution = 0.85;        // texts differ in how many bytes a token has

bool is_user(const Message& message) {
    return message.role == Role::user;
}

}  // namespace

// The end of what is left out next: about half of what is sent now.
Result<size_t> Chat::end_of_oldest() const {
    const auto last = std::find_if(messages_.rbegin(), messages_.rend(), is_user);
    const auto last_said =
        static_cast<size_t>(messages_.rend() - last) - (last != messages_.rend());
    if (last == messages_.rend() || left_out_ >= last_said) {
        return make_error(ErrorCode::usage,
                          "nothing older is left to leave out (a message that does not fit alone: "
                          "shorten it, or --ctx N)");
    }
    size_t bytes = 0;
    for (size_t i = left_out_; i < messages_.size(); ++i) bytes += messages_[i].content.size();
    size_t dropped = 0;
    size_t end = left_out_;
    while (end < last_said && dropped * 2 < bytes) dropped += messages_[end++].content.size();
    // What is sent begins with something the person said.
    while (end < last_said && !is_user(messages_[end])) ++end;
    return end;
}

Result<size_t> Chat::leave_out_oldest() {
    HEARTH_TRY(left_out_, end_of_oldest());
    ++revision_;
    return left_out_;
}

Result<size_t> Chat::summarise_oldest(std::string_view focus) {
    HEARTH_TRY_VOID(save_leftover());
    HEARTH_TRY(const size_t end, end_of_oldest());
    const size_t n_tokens = std::min(kSummaryTokens, model_.n_ctx / 4);
    const double room = kCaution * bytes_per_token_ * static_cast<double>(model_.n_ctx - n_tokens);
    const auto max_bytes = static_cast<size_t>(std::max(0.0, room - kRequestBytes));
    Generate generate;
    generate.messages =
        summary_prompt(std::span(messages_).subspan(left_out_, end - left_out_), focus, max_bytes);
    generate.options = generate_options(options_);
    generate.options.max_tokens = std::min(generate.options.max_tokens, n_tokens);
    summary_ = Summary{end, ""};
    worker_.post(std::move(generate));
    return end;
}

Result<void> Chat::finish_summary(StopReason reason) {
    Summary summary = *std::exchange(summary_, std::nullopt);
    const size_t begin = summary.text.find_first_not_of(" \n");
    if (reason == StopReason::cancelled || begin == std::string::npos) return {};
    Part part = summary_part(summary.text.substr(begin), summary.n_messages);
    left_out_ = summary.n_messages;
    ++revision_;
    const Message& last = messages_.back();
    const bool waits = is_user(last) || last.state == MessageState::failed;
    if (!waits) {
        with_next_ = std::move(part);
        return {};
    }
    const auto said = std::find_if(messages_.rbegin(), messages_.rend(), is_user);
    const Message asked = *said;
    std::vector<Message> taken = take_from(static_cast<size_t>(messages_.rend() - said) - 1);
    std::vector<Part> parts = asked.parts;
    std::erase_if(parts, [](const Part& one) { return one.kind == kSummaryPart; });
    parts.push_back(std::move(part));
    const auto added = append(Role::user, asked.content, MessageState::done, std::move(parts));
    if (added) return begin_answer();
    std::move(taken.begin(), taken.end(), std::back_inserter(messages_));
    return tl::unexpected(added.error());
}

}  // namespace hearth
