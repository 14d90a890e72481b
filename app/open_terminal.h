// The terminal as the settings want it: colours, glyphs, theme.
#pragma once

#include <memory>

#include "app/commands/commands.h"
#include "app/ui/terminal.h"

namespace hearth {

// Errors: usage where the terminal cannot show a screen, or the theme does not exist.
Result<std::unique_ptr<Terminal>> open_terminal(const Program& program);

}  // namespace hearth
