#include "engine/run_stats.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hearth {

LatencyStats summarize_latencies(std::vector<double> milliseconds) {
    if (milliseconds.empty()) return {};
    std::sort(milliseconds.begin(), milliseconds.end());
    const auto n = static_cast<double>(milliseconds.size());
    const auto percentile = [&](double p) {
        const auto rank = static_cast<size_t>(std::ceil(p * n));
        return milliseconds[std::max<size_t>(rank, 1) - 1];
    };
    const double sum = std::accumulate(milliseconds.begin(), milliseconds.end(), 0.0);
    return {sum / n, percentile(0.50), percentile(0.90), percentile(0.99)};
}

}  // namespace hearth
