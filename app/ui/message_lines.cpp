#include "app/ui/message_lines.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "app/transcript.h"
#include "app/ui/safe_text.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

constexpr std::string_view kThink = "<think>";
constexpr std::string_view kThinkEnd = "</think>";
constexpr size_t kNarrow = 40;  // columns below which the text is not indented

std::string clock_time(int64_t milliseconds) {
    if (milliseconds == 0) return "";
    return fmt::format("  {:%H:%M}", fmt::localtime(std::time_t{milliseconds / 1000}));
}

std::string_view trim(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
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
    rest += std::string(ending_note(message));
    if (message.state == MessageState::draft) rest = clock_time(message.created_ms);
    line.push_back({rest, {Ink::dim}});
    return line;
}

}  // namespace

bool is_thinking(std::string_view text) {
    return trim(text).starts_with(kThink) && text.find(kThinkEnd) == std::string_view::npos;
}

void append_message(const Message& message, const Variants& variants, size_t columns,
                    std::vector<StyledLine>& lines) {
    lines.push_back(head(message, variants));
    const std::string text = safe_text(trim(message.content)).str();
    const Style style{message.role == Role::user     ? Ink::user
                      : message.role == Role::system ? Ink::dim
                                                     : Ink::text};
    const StyledLine lead{{columns < kNarrow ? " " : "   ", {}}};
    if (!text.empty()) wrap_text(text, style, columns, {lead, lead}, lines);
    lines.emplace_back();
}

}  // namespace hearth
