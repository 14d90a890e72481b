// A text written in the person's own editor ($VISUAL, $EDITOR).
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace hearth {

// Writes `text` into a private file in `folder`, runs `editor` on it and waits for its end; the
// text as it is then, without the line end that editors add. The terminal must have been given
// back. Errors: machine when there is no file or the editor cannot be run; cancelled when it says
// no (vim's :cq).
Result<std::string> edit_outside(const std::string& editor, const std::string& folder,
                                 std::string_view text);

}  // namespace hearth
