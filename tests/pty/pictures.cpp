// Pictures of the real screens: runs the program on a pseudo-terminal, does what a person would,
// and writes what the terminal shows as SVG and as text.
//
//   hearth_pictures FOLDER [-m MODEL]
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/pty/screen_program.h"

namespace hearth {
namespace {

constexpr int kCellWidth = 9;
constexpr int kCellHeight = 19;
constexpr uint32_t kInk = 0xD8D4CC;
constexpr uint32_t kPaper = 0x1B1A18;

struct Shot {
    std::string name;
    int rows;
    int columns;
    std::vector<std::string> keys;  // then the picture
    // What it waits for before the keys. Of a first launch: a step of it, in a home of its own.
    std::string first = "READY";
    bool measures = false;
};

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else {
            out += c;
        }
    }
    return out;
}

uint32_t half(uint32_t color) {
    return color >> 1 & 0x7F7F7F;
}

bool same_look(const ScreenCell& a, const ScreenCell& b) {
    return a.foreground == b.foreground && a.background == b.background && a.bold == b.bold &&
           a.italic == b.italic && a.reverse == b.reverse;
}

// Cells that look alike, from `column` on: one rectangle, one text.
std::string run_svg(const ScreenCell& look, const std::string& text, int row, int column,
                    int columns) {
    uint32_t ink = look.foreground == ScreenCell::kDefault ? kInk : look.foreground;
    uint32_t paper = look.background == ScreenCell::kDefault ? kPaper : look.background;
    if (look.reverse) std::swap(ink, paper);
    const int x = column * kCellWidth;
    const int y = row * kCellHeight;
    std::string svg;
    if (paper != kPaper) {
        svg +=
            fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#{:06x}\"/>\n",
                        x, y, columns * kCellWidth, kCellHeight, paper);
    }
    if (text.find_first_not_of(' ') == std::string::npos) return svg;
    svg +=
        fmt::format("<text x=\"{}\" y=\"{}\" fill=\"#{:06x}\" textLength=\"{}\"{}{}>{}</text>\n", x,
                    y + 14, ink, columns * kCellWidth, look.bold ? " font-weight=\"bold\"" : "",
                    look.italic ? " font-style=\"italic\"" : "", escaped(text));
    return svg;
}

std::string row_svg(const ScreenModel& screen, int row) {
    std::string svg;
    ScreenCell look = screen.cell(row, 0);
    std::string text;
    int begin = 0;
    int column = 0;
    const auto end_run = [&] {
        if (column > begin) svg += run_svg(look, text, row, begin, column - begin);
        text.clear();
        begin = column;
    };
    while (column < screen.columns()) {
        const ScreenCell cell = screen.cell(row, column);
        const bool wide = cell.columns > 1;
        if (wide || !same_look(cell, look)) end_run();
        look = cell;
        text += cell.text;
        column += std::max(cell.columns, 1);
        if (wide) end_run();
    }
    end_run();
    return svg;
}

std::string screen_svg(const ScreenModel& screen) {
    const int width = screen.columns() * kCellWidth;
    const int height = screen.rows() * kCellHeight;
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" font-family=\"DejaVu Sans Mono, monospace\" font-size=\"15\" "
        "xml:space=\"preserve\">\n"
        "<rect width=\"{0}\" height=\"{1}\" fill=\"#{2:06x}\"/>\n",
        width, height, kPaper);
    for (int row = 0; row < screen.rows(); ++row) svg += row_svg(screen, row);
    if (screen.cursor_visible()) {
        svg += fmt::format(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#{:06x}\" "
            "fill-opacity=\"0.6\"/>\n",
            screen.cursor_column() * kCellWidth, screen.cursor_row() * kCellHeight, kCellWidth,
            kCellHeight, half(kInk) + half(kPaper));
    }
    return svg + "</svg>\n";
}

bool take(const Shot& shot, const std::string& folder, const std::vector<std::string>& arguments) {
    const std::string home = folder + (shot.measures ? "/home-" + shot.name : "/home");
    std::filesystem::create_directories(home);
    const std::vector<std::string> variables{
        "HEARTH_HOME=" + home, "TERM=xterm-256color", "LANG=C.UTF-8",
        shot.measures ? "HEARTH_PLAN=auto" : "HEARTH_PLAN=off"};
    ScreenProgram program(HEARTH_PROGRAM, arguments, variables, shot.rows, shot.columns);
    if (!program.wait_for(shot.first)) return false;
    for (const std::string& keys : shot.keys) {
        program.send(keys);
        program.settle();
    }
    std::ofstream(folder + "/" + shot.name + ".svg") << screen_svg(program.screen());
    std::ofstream(folder + "/" + shot.name + ".txt") << program.screen().text();
    fmt::print("{}/{}.svg\n", folder, shot.name);
    for (const std::string_view key : {"\x1b", "\x03", "\x04"}) {  // close, clear, leave
        program.send(key);
        program.settle();
    }
    program.wait_exit();
    return true;
}

int run(const std::string& folder, std::vector<std::string> arguments) {
    for (const std::string fixed : {"--seed", "7", "--theme", "dark"}) arguments.push_back(fixed);
    const std::vector<std::string> talk{"Hello! Who are you?",
                                        "\r",
                                        "What do you know about stars?",
                                        "\r",
                                        "Tell me a short story about a cat.",
                                        "\r"};
    const std::string dashboard = "\x1bOQ";
    const std::vector<Shot> shots{
        {"plan-100x30", 30, 100, {}, "4/5 model    ▓", true},
        {"plan-80x24", 24, 80, {}, "4/5 model    ▓", true},
        {"first-100x30", 30, 100, {}},
        {"chat-100x30", 30, 100, talk},
        {"chat-80x24", 24, 80, {"and one with 日本語 and 😀"}},
        {"chat-200x60", 60, 200, {"\x1b[15~"}},
        {"help-80x24", 24, 80, {"\x1bOP"}},
        {"dashboard-100x30", 30, 100, {"A story about a dog, please.", "\r", dashboard}},
        {"dashboard-80x24", 24, 80, {"And one about a fox.", "\r", dashboard}},
        {"dashboard-200x60", 60, 200, {"And a bear.", "\r", dashboard}},
        {"history-100x30", 30, 100, {dashboard, "6"}},
        {"neurons-100x30", 30, 100, {dashboard, "2"}},
        {"pipeline-100x30", 30, 100, {"And an owl.", "\r", dashboard, "3"}},
        {"models-80x24", 24, 80, {"\x1b[18~"}},
        {"settings-80x24", 24, 80, {"/set", "\r"}},
        {"tiny-40x12", 12, 40, {}},
        {"tiny-20x5", 5, 20, {}},
    };
    for (const Shot& shot : shots) {
        if (take(shot, folder, arguments)) continue;
        fmt::print(stderr, "hearth_pictures: {}: the program did not get ready\n", shot.name);
        return 1;
    }
    return 0;
}

}  // namespace
}  // namespace hearth

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: hearth_pictures FOLDER [-m MODEL]\n");
        return 1;
    }
    return hearth::run(argv[1], {argv + 2, argv + argc});
}
