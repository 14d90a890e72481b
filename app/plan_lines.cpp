#include "app/plan_lines.h"

#include <fmt/format.h>

namespace hearth {
namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr size_t kFoundColumns = 66;  // a line is 88 columns at most

// What is on the way, cut to fit beside the step's name.
std::string found(const PlanProgress& progress) {
    std::string text = progress.found;
    size_t columns = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (begins_character && columns++ == kFoundColumns) {
            text.resize(i);
            break;
        }
    }
    text.append(kFoundColumns - std::min(kFoundColumns, columns), ' ');
    return text;
}

}  // namespace

PlanLines::PlanLines(Output& output, std::string_view term)
    : output_(output), can_rewrite_(output.is_terminal() && !term.empty() && term != "dumb") {}

void PlanLines::show(const PlanProgress& progress) {
    if (!can_rewrite_ && !progress.is_done) return;
    const std::string state = progress.is_done ? fmt::format("{:6.1f} s", progress.seconds)
                                               : fmt::format("{:6.0f} %", 100.0 * progress.share);
    const std::string line =
        fmt::format(" {}/{} {:<9} {} {}", static_cast<size_t>(progress.step) + 1, kPlanSteps,
                    to_string(progress.step), found(progress), state);
    clear();
    // A progress line that cannot be written is not worth an error.
    (void)output_.print(safe_line(line) + SafeText::literal(progress.is_done ? "\n" : ""));
    visible_ = !progress.is_done;
}

void PlanLines::note(std::string_view line) {
    clear();
    (void)output_.print(safe_line(line) + SafeText::literal("\n"));
}

void PlanLines::clear() {
    if (visible_) (void)output_.print(SafeText::literal(kEraseLine));
    visible_ = false;
}

}  // namespace hearth
