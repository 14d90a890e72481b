// The plot of a budget sweep, as an SVG for the README.
#pragma once

#include <string>
#include <vector>

namespace hearth::bench {

struct SweepLine {
    std::string name;
    std::vector<double> ffn_percent;  // ascending
    std::vector<double> tokens_per_second;
};

// Speed over the share of the FFN in memory; axes from 0. A line that is level through the whole
// width (a resident speed) has two points.
std::string sweep_svg(const std::string& title, const std::vector<SweepLine>& lines);

}  // namespace hearth::bench
