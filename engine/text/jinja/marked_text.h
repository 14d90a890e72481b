// MarkedText: UTF-8 text that knows of every byte whether the template or a message wrote it.
//
// The marking goes with the bytes through slices, concatenation and filters. Equality, search and
// order look at the bytes only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::jinja {

enum class Origin : uint8_t {
    markup,   // written by the template, or computed by it
    content,  // came from a message: never parsed for control tokens
};

class MarkedText {
  public:
    MarkedText() = default;
    MarkedText(std::string text, Origin origin) : text_(std::move(text)), origin_(origin) {}

    const std::string& text() const { return text_; }
    size_t size() const { return text_.size(); }
    bool empty() const { return text_.empty(); }
    // Bytes held, for the memory budget.
    size_t footprint() const { return sizeof(*this) + size() + changes_.size() * sizeof(Change); }

    // Content when any byte is: for what is computed from the whole text.
    Origin origin() const;
    // `at` is less than size().
    Origin origin_at(size_t at) const;

    void append(std::string_view text, Origin origin);
    void append(const MarkedText& other) { append(other, 0, other.size()); }
    // Bytes [begin, end) of `other`.
    void append(const MarkedText& other, size_t begin, size_t end);
    MarkedText slice(size_t begin, size_t end) const;
    // This and `other`, allocated once.
    MarkedText plus(const MarkedText& other) const;

    // Calls visit(std::string_view, Origin) for each maximal run of one origin, in order.
    template <typename Visit>
    void for_each_run(Visit&& visit) const {
        visit_runs(0, size(), visit);
    }

  private:
    struct Change {
        size_t at;  // the first byte of a run, past 0
        Origin origin;
    };

    // The index in changes_ of the first change past `at`.
    size_t change_after(size_t at) const;

    template <typename Visit>
    void visit_runs(size_t begin, size_t end, Visit&& visit) const {
        const std::string_view view = text_;
        size_t next = change_after(begin);
        Origin origin = next == 0 ? origin_ : changes_[next - 1].origin;
        while (begin < end) {
            const size_t stop =
                next < changes_.size() && changes_[next].at < end ? changes_[next].at : end;
            visit(view.substr(begin, stop - begin), origin);
            if (next < changes_.size()) origin = changes_[next].origin;
            ++next;
            begin = stop;
        }
    }

    std::string text_;
    Origin origin_ = Origin::markup;  // of the first run
    std::vector<Change> changes_;     // ascending; neighbours differ. Most texts have none.
};

}  // namespace hearth::jinja
