// Small pictures made of characters. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/ui/style.h"

namespace hearth {

// "▂▃▅▆▇": the latest values at the right, scaled from 0 to the largest.
std::string sparkline(std::span<const float> values, size_t columns);

// "██████▌": `share` of `columns`, in eighths of a cell.
std::string bar(double share, size_t columns);

// A label, a value right-aligned to `columns`; "–" for a value that is absent.
StyledLine labelled(std::string_view label, const std::optional<std::string>& value,
                    size_t columns);

// "91.7 %"
std::string percent(double share, int decimals = 1);
// "13.3 MB"; powers of 1000, as reads are counted.
std::string megabytes(double bytes);

}  // namespace hearth
