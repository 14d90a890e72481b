// MessageLines: a message as lines of the transcript. While an answer grows only its last block is
// laid out again.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "app/message_tree.h"
#include "app/ui/style.h"
#include "storage/conversations.h"

namespace hearth {

enum class Thoughts { folded, shown };
enum class Sent { no, yes };  // to the engine, with what is said next

class MessageLines {
  public:
    // Lays out what changed. `columns`: of the transcript.
    void update(const Message& message, const Variants& variants, size_t columns, Thoughts thoughts,
                Sent sent = Sent::yes);
    const std::vector<StyledLine>& lines() const { return lines_; }
    MessageId id() const { return id_; }

  private:
    void lay_out(const Message& message, const Variants& variants);
    void append_answer(std::string_view text, bool growing);

    MessageId id_{};
    size_t bytes_ = 0;
    MessageState state_ = MessageState::done;
    Variants variants_;
    size_t columns_ = 0;
    Thoughts thoughts_ = Thoughts::folded;
    Sent sent_ = Sent::yes;
    std::vector<StyledLine> lines_;
    // Of a growing answer: text that no longer changes, and the lines it made.
    size_t settled_bytes_ = 0;
    size_t settled_lines_ = 0;
};

// Whether an answer's text so far lies inside the model's thoughts ("<think>" without its end).
bool is_thinking(std::string_view text);

}  // namespace hearth
