// A message as lines of the transcript.
#pragma once

#include <string>
#include <vector>

#include "app/message_tree.h"
#include "app/ui/style.h"
#include "storage/conversations.h"

namespace hearth {

// Appends the lines of a message: who speaks, the text, how it ended. `columns`: of the transcript.
void append_message(const Message& message, const Variants& variants, size_t columns,
                    std::vector<StyledLine>& lines);

// Whether an answer's text so far lies inside the model's thoughts ("<think>" without its end).
bool is_thinking(std::string_view text);

}  // namespace hearth
