#include "app/progress.h"

#include <fmt/format.h>

#include <cmath>

namespace hearth {
namespace {

constexpr auto kNoticed = std::chrono::milliseconds(250);  // shorter waits show nothing
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr std::string_view kEraseLine = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine(Output& output, std::string_view term)
    : output_(output), enabled_(output.is_terminal() && !term.empty() && term != "dumb") {}

void ProgressLine::update(std::string_view label, uint64_t done, uint64_t total) {
    if (!enabled_ || total == 0) return;
    const auto now = Clock::now();
    if (label != label_) {
        label_ = label;
        begun_ = now;
        done_at_begin_ = done;
    }
    if (now - begun_ < kNoticed || (visible_ && now - drawn_ < kRedraw)) return;
    const double elapsed = std::chrono::duration<double>(now - begun_).count();
    std::string line = fmt::format("{} {} %", label, done * 100 / total);
    if (done > done_at_begin_ && done < total) {
        const double rate = static_cast<double>(done - done_at_begin_) / elapsed;
        line += fmt::format(", {} left", format_seconds(static_cast<double>(total - done) / rate));
    }
    // A progress line that cannot be written is not worth an error.
    (void)output_.print(SafeText::literal(kEraseLine) + safe_line(line));
    visible_ = true;
    drawn_ = now;
}

void ProgressLine::clear() {
    if (visible_) (void)output_.print(SafeText::literal(kEraseLine));
    visible_ = false;
    label_ = {};
}

std::string format_seconds(double seconds) {
    const auto whole = static_cast<uint64_t>(std::ceil(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace hearth
