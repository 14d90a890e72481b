#include "app/open_terminal.h"

#include "app/config_theme.h"

namespace hearth {

Result<std::unique_ptr<Terminal>> open_terminal(const Program& program) {
    TerminalOptions options;
    options.term = program.environment.term;
    const bool plain = program.environment.no_color && program.options.color != Color::always;
    options.colors = !plain && program.options.color != Color::never;
    options.ascii = program.options.glyphs == Glyphs::ascii;
    options.mouse = program.options.mouse == Switch::on;
    HEARTH_TRY(const Theme theme, load_theme(program.options.theme, *program.data_dir));
    HEARTH_TRY(auto terminal, Terminal::open(options));
    terminal->use(terminal->has_colors() ? theme : mono_theme());
    return terminal;
}

}  // namespace hearth
