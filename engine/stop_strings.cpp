#include "engine/stop_strings.h"

#include <algorithm>
#include <utility>

namespace hearth {

StopStrings::StopStrings(std::vector<std::string> stops) : stops_(std::move(stops)) {
    std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

StopStrings::Step StopStrings::feed(std::string_view text) {
    held_ += text;
    size_t first = std::string::npos;
    for (const std::string& stop : stops_) first = std::min(first, held_.find(stop));
    if (first != std::string::npos) {
        Step step{held_.substr(0, first), true};
        held_.clear();
        return step;
    }
    // The longest end of the text that begins a stop string stays.
    size_t keep = 0;
    for (const std::string& stop : stops_) {
        for (size_t n = std::min(held_.size(), stop.size() - 1); n > keep; --n) {
            if (held_.ends_with(std::string_view(stop).substr(0, n))) keep = n;
        }
    }
    Step step{held_.substr(0, held_.size() - keep), false};
    held_.erase(0, held_.size() - keep);
    return step;
}

std::string StopStrings::finish() {
    return std::exchange(held_, {});
}

}  // namespace hearth
