// LineScreen: what a chat looks like when it is printed line by line. Everything goes out filtered.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/output.h"
#include "app/settings.h"
#include "engine/base/result.h"
#include "storage/conversations.h"

namespace hearth {

// Control sequences for emphasis; empty where the terminal gets none.
struct Emphasis {
    std::string_view dim, bold, off;
};
// Colours are for terminals that are not dumb and persons who did not set NO_COLOR; --color always
// and never decide over both.
Emphasis choose_emphasis(Color wish, bool is_terminal, std::string_view term, bool no_color);

class LineScreen {
  public:
    LineScreen(Output& out, const Emphasis& style) : out_(out), style_(style) {}

    // Lines about the conversation, not of it.
    void note(std::string_view text);
    void error(const Error& error);
    void block(std::string_view text);  // several lines, as they are

    // The streaming answer: white space before its first word is left out.
    void answer_text(std::string_view text);
    void end_answer();

    void whole_message(const Message& message);
    // The end of a conversation: its last exchange, shortened, and how much stands
    // before it.
    void tail(std::span<const Message> messages);

    // For readline; `going_on`: the message so far is not complete.
    std::string prompt(bool going_on) const;

  private:
    void print(const SafeText& text);
    void message(const Message& message, std::string_view text);

    Output& out_;
    Emphasis style_;
    bool answer_begun_ = false;
    bool at_line_start_ = true;
};

}  // namespace hearth
