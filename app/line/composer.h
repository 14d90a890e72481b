// Composer: lines that were entered become messages. Pure: no terminal, no readline.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hearth {

// A message is one line, unless the line ends in a backslash (it goes on in the next one) or begins
// with """ (it goes on to the closing """). A line that was pasted or typed with Alt+Enter may hold
// line breaks of its own.
class Composer {
  public:
    // The message that `line` completes; nullopt while it goes on.
    std::optional<std::string> feed(std::string_view line);

    // Whether lines are being collected.
    bool open() const { return !text_.empty() || in_block_; }
    void clear();

  private:
    std::optional<std::string> feed_block(std::string_view line);

    std::string text_;       // so far, each line with its line break
    bool in_block_ = false;  // between """ and """
};

}  // namespace hearth
