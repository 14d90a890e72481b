#include "bench/offload/sweep_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace hearth::bench {

namespace {

constexpr double kWidth = 720;
constexpr double kHeight = 400;
constexpr double kLeft = 56;
constexpr double kRight = 180;  // the names of the lines
constexpr double kTop = 40;
constexpr double kBottom = 48;
constexpr std::array kColours{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#555555"};

// 1, 2 or 5 times a power of ten, so that about five ticks fit.
double tick_step(double max) {
    const double rough = max / 5;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= rough) return power * factor;
    }
    return power * 10;
}

double x_of(double percent) {
    return kLeft + percent / 100 * (kWidth - kLeft - kRight);
}

std::string axes(double top, double (*y_of)(double value, double top)) {
    std::string svg;
    for (double value = 0; value <= top * 1.0001; value += tick_step(top)) {
        svg += fmt::format(
            "<line x1='{:.0f}' y1='{:.1f}' x2='{:.0f}' y2='{:.1f}' stroke='#ddd'/>"
            "<text x='{:.0f}' y='{:.1f}' text-anchor='end'>{:g}</text>\n",
            x_of(0), y_of(value, top), x_of(100), y_of(value, top), x_of(0) - 6,
            y_of(value, top) + 4, value);
    }
    for (int percent = 0; percent <= 100; percent += 25) {
        svg += fmt::format("<text x='{:.0f}' y='{:.0f}' text-anchor='middle'>{} %</text>\n",
                           x_of(percent), kHeight - kBottom + 18, percent);
    }
    return svg + fmt::format(
                     "<text x='{:.0f}' y='{:.0f}' text-anchor='middle'>share of the FFN weights "
                     "that memory holds</text>\n"
                     "<text x='12' y='{:.0f}'>tokens/s</text>\n",
                     x_of(50), kHeight - 8, kTop - 12);
}

}  // namespace

std::string sweep_svg(const std::string& title, const std::vector<SweepLine>& lines) {
    double max = 1e-9;
    for (const SweepLine& line : lines) {
        for (const double rate : line.tokens_per_second) max = std::max(max, rate);
    }
    const double top = std::ceil(max / tick_step(max)) * tick_step(max);
    const auto y_of = [](double value, double highest) {
        return kHeight - kBottom - value / highest * (kHeight - kTop - kBottom);
    };
    std::string svg = fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0:g} {1:g}' width='{0:g}' "
        "height='{1:g}' font-family='sans-serif' font-size='12'>\n"
        "<rect width='100%' height='100%' fill='white'/>\n"
        "<text x='{2:.0f}' y='18' text-anchor='middle' font-size='14'>{3}</text>\n",
        kWidth, kHeight, x_of(50), title);
    svg += axes(top, y_of);
    for (size_t i = 0; i < lines.size(); ++i) {
        const SweepLine& line = lines[i];
        if (line.ffn_percent.empty()) continue;
        std::string points;
        for (size_t j = 0; j < line.ffn_percent.size(); ++j) {
            points += fmt::format("{:.1f},{:.1f} ", x_of(line.ffn_percent[j]),
                                  y_of(line.tokens_per_second[j], top));
        }
        svg += fmt::format(
            "<polyline points='{0}' fill='none' stroke='{1}' stroke-width='2'/>"
            "<text x='{2:.0f}' y='{3:.1f}' fill='{1}'>{4}</text>\n",
            points, kColours[i % kColours.size()], x_of(100) + 8,
            y_of(line.tokens_per_second.back(), top) + 4, line.name);
    }
    return svg + "</svg>\n";
}

}  // namespace hearth::bench
