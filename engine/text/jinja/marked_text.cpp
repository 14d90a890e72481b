#include "engine/text/jinja/marked_text.h"

#include <algorithm>

namespace hearth::jinja {

size_t MarkedText::change_after(size_t at) const {
    const auto after = std::upper_bound(changes_.begin(), changes_.end(), at,
                                        [](size_t a, const Change& b) { return a < b.at; });
    return static_cast<size_t>(after - changes_.begin());
}

Origin MarkedText::origin() const {
    // Neighbouring runs differ, so that two runs hold content.
    return changes_.empty() ? origin_ : Origin::content;
}

Origin MarkedText::origin_at(size_t at) const {
    const size_t next = change_after(at);
    return next == 0 ? origin_ : changes_[next - 1].origin;
}

void MarkedText::append(std::string_view text, Origin origin) {
    if (text.empty()) return;
    if (text_.empty()) {
        origin_ = origin;
    } else if ((changes_.empty() ? origin_ : changes_.back().origin) != origin) {
        changes_.push_back({text_.size(), origin});
    }
    text_ += text;
}

void MarkedText::append(const MarkedText& other, size_t begin, size_t end) {
    other.visit_runs(begin, end,
                     [this](std::string_view run, Origin origin) { append(run, origin); });
}

MarkedText MarkedText::slice(size_t begin, size_t end) const {
    MarkedText part;
    part.append(*this, begin, end);
    return part;
}

MarkedText MarkedText::plus(const MarkedText& other) const {
    MarkedText joined;
    joined.text_.reserve(size() + other.size());
    joined.append(*this);
    joined.append(other);
    return joined;
}

}  // namespace hearth::jinja
