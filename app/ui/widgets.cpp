#include "app/ui/widgets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/glyph.h"

namespace hearth {
namespace {

constexpr std::array<std::string_view, 9> kHeights{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kWidths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

}  // namespace

std::string sparkline(std::span<const float> values, size_t columns) {
    if (values.size() > columns) values = values.last(columns);
    if (values.empty()) return "";
    const float most = *std::max_element(values.begin(), values.end());
    std::string text;
    for (const float value : values) {
        const float share = most > 0.0F ? value / most : 0.0F;
        // The least that is not nothing is the lowest mark.
        const auto height = static_cast<size_t>(std::ceil(share * 8.0F));
        text += kHeights[std::clamp<size_t>(height, 1, 8)];
    }
    return text;
}

std::string bar(double share, size_t columns) {
    const double cells = std::clamp(share, 0.0, 1.0) * static_cast<double>(columns);
    const auto eighths = static_cast<size_t>(std::lround(cells * 8.0));
    std::string text;
    for (size_t i = 0; i < eighths / 8; ++i) text += "█";
    text += kWidths[eighths % 8];
    return text;
}

StyledLine labelled(std::string_view label, const std::optional<std::string>& value,
                    size_t columns) {
    const std::string shown = value.value_or("–");
    const size_t used = columns_of(label) + columns_of(shown);
    const size_t gap = columns > used ? columns - used : 1;
    return {{std::string(label) + std::string(gap, ' '), {Ink::dim}},
            {shown, {value ? Ink::text : Ink::dim}}};
}

std::string percent(double share, int decimals) {
    return fmt::format("{:.{}f} %", 100.0 * share, decimals);
}

std::string megabytes(double bytes) {
    if (bytes >= 1e9) return fmt::format("{:.2f} GB", bytes / 1e9);
    return fmt::format("{:.1f} MB", bytes / 1e6);
}

}  // namespace hearth
