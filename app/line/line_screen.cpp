#include "app/line/line_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/transcript.h"
#include "app/ui/safe_text.h"

namespace hearth {
namespace {

constexpr size_t kTailMessages = 2;
constexpr size_t kTailLines = 24;  // of one message; the rest is in /show

SafeText ours(std::string_view text) {
    return SafeText::literal(text);
}

// The last lines of a text, and how many stand before them.
std::pair<std::string_view, size_t> last_lines(std::string_view text, size_t n) {
    const auto n_lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    if (n_lines <= n) return {text, 0};
    size_t begin = text.size();
    for (size_t i = 0; i < n; ++i) begin = text.rfind('\n', begin - 1);
    return {text.substr(begin + 1), n_lines - n};
}

}  // namespace

Emphasis choose_emphasis(Color wish, bool is_terminal, std::string_view term, bool no_color) {
    const bool possible = is_terminal && !term.empty() && term != "dumb" && !no_color;
    if (wish == Color::never || (wish == Color::automatic && !possible)) return {};
    return {"\x1b[2m", "\x1b[1m", "\x1b[0m"};
}

void LineScreen::print(const SafeText& text) {
    // When the terminal is gone a signal ends the chat; there is nothing to say it to.
    (void)out_.print(text);
}

void LineScreen::note(std::string_view text) {
    end_answer();
    print(ours(style_.dim) + safe_line(text) + ours(style_.off) + ours("\n"));
}

void LineScreen::error(const Error& error) {
    end_answer();
    print(ours(style_.bold) + safe_line(error.message) + ours(style_.off) + ours("\n"));
}

void LineScreen::block(std::string_view text) {
    end_answer();
    print(safe_text(text));
    if (!text.ends_with('\n')) print(ours("\n"));
}

void LineScreen::answer_text(std::string_view text) {
    if (!answer_begun_) {
        text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
        if (text.empty()) return;
        answer_begun_ = true;
    }
    print(safe_text(text));
    if (!text.empty()) at_line_start_ = text.back() == '\n';
}

void LineScreen::end_answer() {
    if (!at_line_start_) print(ours("\n"));
    at_line_start_ = true;
    answer_begun_ = false;
}

void LineScreen::message(const Message& message, std::string_view text) {
    if (message.role == Role::system) {
        note(fmt::format("system prompt: {}", text));
    } else if (message.role == Role::user) {
        print(ours(style_.bold) + ours("> ") + ours(style_.off) + safe_text(text) + ours("\n"));
    } else {
        answer_text(text);
        end_answer();
        const std::string_view ending = ending_note(message);
        if (!ending.empty()) note(ending.substr(1));
    }
}

void LineScreen::whole_message(const Message& one) {
    message(one, one.content);
}

void LineScreen::tail(std::span<const Message> messages) {
    const size_t shown = std::min(messages.size(), kTailMessages);
    if (messages.size() > shown) {
        note(fmt::format("({} earlier messages: /show)", messages.size() - shown));
    }
    for (const Message& one : messages.last(shown)) {
        const auto [text, hidden] = last_lines(one.content, kTailLines);
        if (hidden > 0) note(fmt::format("({} more lines: /show)", hidden));
        message(one, text);
    }
}

std::string LineScreen::prompt(bool going_on) const {
    // readline must know what takes no room: \001 and \002 stand around it.
    const auto hidden = [](std::string_view sequence) {
        return sequence.empty() ? std::string() : fmt::format("\001{}\002", sequence);
    };
    return hidden(style_.bold) + (going_on ? "… " : "> ") + hidden(style_.off);
}

}  // namespace hearth
