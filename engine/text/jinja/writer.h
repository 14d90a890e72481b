// Writer: builds a text under the budget. repr() and str() of values as Python writes them.
#pragma once

#include <string>
#include <string_view>

#include "engine/text/jinja/value.h"

namespace hearth::jinja {

// What does not fit the memory budget is dropped, and the budget is exceeded from then on.
class Writer {
  public:
    explicit Writer(Budget& budget) : budget_(budget) {}

    void write(std::string_view text, Origin origin = Origin::markup) {
        if (!budget_.has_room(text.size())) return;
        text_.append(text, origin);
        charge();
    }
    void write(const MarkedText& text) { write(text, 0, text.size()); }
    // Bytes [begin, end) of `text`.
    void write(const MarkedText& text, size_t begin, size_t end) {
        if (!budget_.has_room(end - begin)) return;
        text_.append(text, begin, end);
        charge();
    }
    // str(value): what {{ value }} prints.
    void write_str(const Value& value);
    // repr(value): how it looks inside a printed list.
    void write_repr(const Value& value);

    Budget& budget() { return budget_; }
    const MarkedText& text() const { return text_; }
    MarkedText take() { return std::move(text_); }

  private:
    void charge() {
        const size_t footprint = text_.footprint();
        budget_.reserve(footprint - charged_bytes_);
        charged_bytes_ = footprint;
    }
    void write_repr(const MarkedText& text);
    void write_items(const std::vector<Value>& items);
    void write_entries(const Dict& dict);

    Budget& budget_;
    MarkedText text_;
    size_t charged_bytes_ = 0;
};

// str(value) as a value; a text is returned as it is.
Value to_str(Runtime& runtime, const Value& value);

// repr(float): shortest digits that round-trip, "1.0", "1e+16", "inf".
std::string float_repr(double value);

}  // namespace hearth::jinja
