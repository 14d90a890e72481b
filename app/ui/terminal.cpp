#include "app/ui/terminal.h"

// ncurses wants this for the wide-character functions.
#define NCURSES_WIDECHAR 1
#include <ncursesw/curses.h>
#include <ncursesw/term.h>
// Its macros get in the way of everybody else's names.
#undef columns
#undef lines
#undef timeout

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "app/terminal_guard.h"

namespace hearth {
namespace {

// Modes that ncurses knows nothing of. Bracketed paste, and Shift+Enter as a key of its own (the
// kitty protocol, xterm's modifyOtherKeys); what does not know the latter may take it for a colour,
// so attributes are reset behind it.
constexpr std::string_view kEnter = "\x1b[?2004h\x1b[>1u\x1b[>4;1m\x1b[m";
constexpr std::string_view kLeave = "\x1b[?2004l\x1b[<u\x1b[>4m\x1b[m";
constexpr std::string_view kMouseOn = "\x1b[?1000h\x1b[?1006h";
constexpr std::string_view kMouseOff = "\x1b[?1006l\x1b[?1000l";
// The terminal shows what lies between these at once.
constexpr std::string_view kFrameBegin = "\x1b[?2026h";
constexpr std::string_view kFrameEnd = "\x1b[?2026l";

void write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) return;  // the terminal is gone: reading will tell
        if (n > 0) bytes.remove_prefix(static_cast<size_t>(n));
    }
}

// ncurses has handlers for these, which would do behind our back what the event loop does.
void take_back_signals() {
    for (const int number : {SIGINT, SIGTERM, SIGTSTP, SIGWINCH}) ::signal(number, SIG_DFL);
}

// How this terminal leaves the full-screen mode, for a crash.
std::string leave_sequence() {
    const char* const leave_screen = tigetstr(const_cast<char*>("rmcup"));
    std::string sequence(kFrameEnd);
    sequence += kMouseOff;
    sequence += kLeave;
    sequence += "\x1b[?25h";
    const bool known = leave_screen != nullptr && leave_screen != reinterpret_cast<char*>(-1);
    sequence += known ? leave_screen : "\r\n";
    return sequence;
}

attr_t attributes_of(const Style& style, const Look& look) {
    attr_t attributes = A_NORMAL;
    if (style.bold || look.bold) attributes |= A_BOLD;
    if (look.dim) attributes |= A_DIM;
    if (look.reverse) attributes |= A_REVERSE;
    if (style.italic) attributes |= A_ITALIC;
    if (style.underline) attributes |= A_UNDERLINE;
    return attributes;
}

}  // namespace

struct Terminal::Curses {
    SCREEN* screen = nullptr;
    std::vector<cchar_t> row;  // one row, as ncurses takes it

    explicit Curses(SCREEN* opened) : screen(opened) {}
    ~Curses() { delscreen(screen); }
    Curses(const Curses&) = delete;
    Curses& operator=(const Curses&) = delete;
};

Result<std::unique_ptr<Terminal>> Terminal::open(const TerminalOptions& options) {
    SCREEN* screen = newterm(options.term.c_str(), stdout, stdin);
    if (screen == nullptr) screen = newterm("xterm-256color", stdout, stdin);
    if (screen == nullptr) {
        return make_error(ErrorCode::usage,
                          "TERM={}: this terminal is not known to terminfo (hearth --inline works "
                          "everywhere)",
                          options.term);
    }
    take_back_signals();
    auto curses = std::make_unique<Curses>(screen);
    if (cursor_address == nullptr) {
        endwin();
        return make_error(ErrorCode::usage, "TERM={}: this terminal cannot move its cursor",
                          options.term);
    }
    return std::unique_ptr<Terminal>(new Terminal(std::move(curses), options));
}

Terminal::Terminal(std::unique_ptr<Curses> curses, const TerminalOptions& options)
    : curses_(std::move(curses)), options_(options), theme_(mono_theme()) {
    colors_ = options.colors && ::has_colors();
    if (colors_) {
        start_color();
        use_default_colors();
    }
    enter();
}

Terminal::~Terminal() {
    leave();
}

void Terminal::enter() {
    active_ = true;
    raw();
    noecho();
    nonl();
    set_leave_sequence(leave_sequence());
    write_all(kEnter);
    if (options_.mouse) write_all(kMouseOn);
}

void Terminal::leave() {
    if (!active_) return;  // a second endwin() would move the cursor to where it was before
    active_ = false;
    if (options_.mouse) write_all(kMouseOff);
    write_all(kLeave);
    curs_set(1);
    endwin();
    set_leave_sequence("");
}

void Terminal::suspend() {
    leave();
}

void Terminal::resume() {
    refresh();  // after endwin() this enters the full-screen mode again
    take_back_signals();
    enter();
    redraw();
}

Size Terminal::size() const {
    winsize window{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_row == 0) return {24, 80};
    return {window.ws_row, window.ws_col};
}

void Terminal::use(const Theme& theme) {
    theme_ = theme;
    redraw();
    if (!colors_) return;
    for (size_t ink = 0; ink < kInks; ++ink) {
        const Look& look = theme.looks[ink];
        const auto shown = [](int color) {
            return static_cast<short>(color < COLORS ? color : color % 8);
        };
        init_pair(static_cast<short>(ink + 1), shown(look.foreground), shown(look.background));
    }
}

void Terminal::toggle_ascii() {
    options_.ascii = !options_.ascii;
    redraw();
}

void Terminal::draw_row(size_t row, std::span<const Cell> cells) {
    std::vector<cchar_t>& line = curses_->row;
    line.clear();
    for (const Cell& cell : cells) {
        if (cell.continues) continue;
        std::array<wchar_t, Glyph::kMarks + 2> text{};
        text[0] = static_cast<wchar_t>(cell.glyph.base);
        if (options_.ascii && cell.glyph.base >= 0x80) {
            text[0] = ascii_stand_in(cell.glyph.base);
        } else {
            std::copy(cell.glyph.marks.begin(), cell.glyph.marks.end(), text.begin() + 1);
        }
        const short pair = colors_ ? static_cast<short>(static_cast<int>(cell.style.ink) + 1) : 0;
        cchar_t one{};
        setcchar(&one, text.data(), attributes_of(cell.style, theme_.of(cell.style.ink)), pair,
                 nullptr);
        line.push_back(one);
        if (options_.ascii && cell.glyph.columns == 2) {
            const std::array<wchar_t, 2> blank{L' ', 0};
            setcchar(&one, blank.data(), A_NORMAL, pair, nullptr);
            line.push_back(one);
        }
    }
    mvadd_wchnstr(static_cast<int>(row), 0, line.data(), static_cast<int>(line.size()));
}

void Terminal::show(const Canvas& canvas) {
    const Size size = canvas.size();
    const bool anew = !shown_ || shown_->size() != size;
    if (anew) {
        resizeterm(static_cast<int>(size.rows), static_cast<int>(size.columns));
        take_back_signals();
        clearok(stdscr, TRUE);
        erase();
    }
    bool changed = anew || shown_->caret != canvas.caret;
    for (size_t row = 0; row < size.rows; ++row) {
        const auto cells = canvas.row(row);
        const bool same = !anew && std::equal(cells.begin(), cells.end(), shown_->row(row).begin());
        if (!same) draw_row(row, cells);
        changed = changed || !same;
    }
    if (!changed) return;
    if (anew || shown_->caret.has_value() != canvas.caret.has_value()) {
        curs_set(canvas.caret ? 1 : 0);
    }
    if (canvas.caret) {
        move(static_cast<int>(canvas.caret->row), static_cast<int>(canvas.caret->column));
    }
    write_all(kFrameBegin);
    wnoutrefresh(stdscr);
    doupdate();
    write_all(kFrameEnd);
    shown_ = canvas;
}

std::optional<std::string> Terminal::read() {
    std::string bytes;
    std::array<char, 16 * 1024> buffer{};
    pollfd wait{STDIN_FILENO, POLLIN, 0};
    while (::poll(&wait, 1, 0) > 0) {
        const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) return bytes.empty() ? std::nullopt : std::optional(bytes);
        bytes.append(buffer.data(), static_cast<size_t>(n));
    }
    return bytes;
}

void Terminal::send(std::string_view sequence) {
    write_all(sequence);
}

char ascii_stand_in(char32_t value) {
    if (value == U'│' || value == U'┃') return '|';
    if (value == U'─' || value == U'━' || value == U'…') return value == U'…' ? '.' : '-';
    if (value >= 0x2500 && value <= 0x257F) return '+';
    if (value == U'░' || value == U' ') return '.';
    if (value == U'▒') return ':';
    if (value == U'▓') return '*';
    if (value >= 0x2581 && value <= 0x2588) return "_.-~=+*#"[value - 0x2581];
    if (value >= 0x2580 && value <= 0x259F) return '#';
    if (value == U'❯' || value == U'▸' || value == U'→') return '>';
    if (value == U'←' || value == U'◂') return '<';
    if (value == U'↑') return '^';
    if (value == U'↓' || value == U'▾') return 'v';
    if (value == U'•' || value == U'·' || value == U'●') return '*';
    if (value == U'○' || value == U'◌') return 'o';
    if (value == U'“' || value == U'”') return '"';
    if (value == U'‘' || value == U'’') return '\'';
    if (value == U'–' || value == U'—') return '-';
    return '?';
}

}  // namespace hearth
