#include "app/ui/message_lines.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "app/prompt.h"
#include "app/transcript.h"
#include "app/ui/markdown.h"
#include "app/ui/safe_text.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

constexpr std::string_view kThink = "<think>";
constexpr std::string_view kThinkEnd = "</think>";
constexpr size_t kNarrow = 40;  // columns below which the text is hardly indented

std::string clock_time(int64_t milliseconds) {
    if (milliseconds == 0) return "";
    return fmt::format("  {:%H:%M}", fmt::localtime(std::time_t{milliseconds / 1000}));
}

std::string_view trim_front(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
    return text;
}

std::string_view trim(std::string_view text) {
    text = trim_front(text);
    return text.substr(0, text.find_last_not_of(" \t\n") + 1);
}

// An answer's thoughts, and what it says after them.
struct Parts {
    std::string_view thoughts;
    std::string_view answer;
};

Parts parts_of(std::string_view text) {
    text = trim_front(text);
    if (!text.starts_with(kThink)) return {"", text};
    const size_t end = text.find(kThinkEnd);
    const std::string_view thoughts = trim(text.substr(kThink.size(), end - kThink.size()));
    if (end == std::string_view::npos) return {thoughts, ""};
    return {thoughts, trim_front(text.substr(end + kThinkEnd.size()))};
}

size_t count_words(std::string_view text) {
    size_t words = 0;
    bool in_word = false;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\n' || c == '\t';
        words += !blank && !in_word ? 1 : 0;
        in_word = !blank;
    }
    return words;
}

StyledLine head(const Message& message, const Variants& variants) {
    const bool person = message.role == Role::user;
    const std::string name = person                         ? "you"
                             : message.role == Role::system ? "system prompt"
                             : message.model.empty()        ? "answer"
                                                            : safe_line(message.model).str();
    StyledLine line{{fmt::format(" {}", name), {person ? Ink::user : Ink::accent, true}}};
    std::string rest = clock_time(message.created_ms);
    if (variants.count > 1) rest += fmt::format(" · {}/{}", variants.index + 1, variants.count);
    if (message.state != MessageState::draft) rest += ending_note(message);
    line.push_back({rest, {Ink::dim}});
    return line;
}

size_t indent_of(size_t columns) {
    return columns < kNarrow ? 1 : 3;
}

bool same(const Variants& a, const Variants& b) {
    return a.index == b.index && a.count == b.count;
}

}  // namespace

bool is_thinking(std::string_view text) {
    return trim_front(text).starts_with(kThink) && text.find(kThinkEnd) == std::string_view::npos;
}

void MessageLines::update(const Message& message, const Variants& variants, size_t columns,
                          Thoughts thoughts, Sent sent) {
    const bool same_place = id_ == message.id && columns_ == columns && thoughts_ == thoughts &&
                            sent_ == sent && same(variants_, variants);
    if (same_place && bytes_ == message.content.size() && state_ == message.state) return;
    const bool only_grew = same_place && state_ == MessageState::draft && settled_lines_ > 0 &&
                           message.state == MessageState::draft && bytes_ <= message.content.size();
    if (!only_grew) settled_bytes_ = settled_lines_ = 0;
    id_ = message.id;
    bytes_ = message.content.size();
    state_ = message.state;
    variants_ = variants;
    columns_ = columns;
    thoughts_ = thoughts;
    sent_ = sent;
    lay_out(message, variants);
}

void MessageLines::lay_out(const Message& message, const Variants& variants) {
    if (settled_lines_ > 0) {
        lines_.resize(settled_lines_);
    } else {
        lines_ = {head(message, variants)};
        if (sent_ == Sent::no) lines_[0].push_back({" · not sent any more", {Ink::warning}});
    }
    if (message.role == Role::assistant) {
        append_answer(message.content, message.state == MessageState::draft);
    } else {
        const StyledLine lead{{std::string(indent_of(columns_), ' '), {}}};
        const Ink ink = message.role == Role::user ? Ink::user : Ink::dim;
        for (const Part& part : message.parts) {
            if (part.kind != kSummaryPart) continue;
            wrap_text("what was said before, in short:", {Ink::dim}, columns_, {lead, lead},
                      lines_);
            wrap_text(safe_text(trim(part.text)).str(), {Ink::dim, false, true}, columns_,
                      {lead, lead}, lines_);
            lines_.emplace_back();
        }
        wrap_text(safe_text(trim(message.content)).str(), {ink}, columns_, {lead, lead}, lines_);
    }
    lines_.emplace_back();
}

void MessageLines::append_answer(std::string_view content, bool growing) {
    const Parts parts = parts_of(content);
    const size_t indent = indent_of(columns_);
    const StyledLine lead{{std::string(indent, ' '), {}}};
    if (!parts.thoughts.empty() && settled_lines_ == 0) {
        const bool open = thoughts_ == Thoughts::shown;
        const std::string label =
            fmt::format("{} {} {} words · t {}", open ? "▾" : "▸",
                        is_thinking(content) ? "thinking," : "thought", count_words(parts.thoughts),
                        open ? "folds" : "shows");
        lines_.push_back({lead[0], {label, {Ink::dim, false, true}}});
        if (open)
            wrap_text(safe_text(parts.thoughts).str(), {Ink::dim}, columns_, {lead, lead}, lines_);
    }
    // Block by block, so that a growing answer and a whole one look the same.
    std::string_view rest = parts.answer.substr(std::min(settled_bytes_, parts.answer.size()));
    while (true) {
        const size_t settled = settled_bytes(rest);
        const size_t end = settled > 0 ? settled : rest.size();
        const std::string_view block = trim(rest.substr(0, end));
        if (!block.empty()) {
            if (lines_.size() > 1) lines_.emplace_back();
            append_markdown(safe_text(rest.substr(0, end)).str(), columns_, indent, lines_);
        }
        if (settled == 0) break;
        rest.remove_prefix(settled);
        if (growing && parts.thoughts.empty()) {
            settled_bytes_ += settled;
            settled_lines_ = lines_.size();
        }
    }
}

}  // namespace hearth
