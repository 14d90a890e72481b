#include "engine/text/jinja/sorting.h"

#include <algorithm>
#include <charconv>

#include "engine/text/jinja/text_tools.h"

namespace hearth::jinja {

Result<Value> lookup_path(Runtime& runtime, const Value& item, const Value& path) {
    const MarkedText* text = as_text(path);
    if (text == nullptr) return get_item(runtime, item, path);
    const Value dot = runtime.heap.text(".", Origin::markup);
    HEARTH_TRY(const auto parts, split(runtime, *text, as_text(dot), -1));
    Value found = item;
    for (const Value& part : parts) {
        const std::string& word = as_text(part)->text();
        int64_t index = 0;
        const auto parsed = std::from_chars(word.data(), word.data() + word.size(), index);
        const bool is_index =
            parsed.ec == std::errc() && parsed.ptr == word.data() + word.size() && index >= 0;
        HEARTH_TRY(found, get_item(runtime, found, is_index ? Value(index) : part));
    }
    return found;
}

Result<std::vector<Keyed>> with_keys(Runtime& runtime, const std::vector<Value>& items,
                                     const Value* attribute, Case letters) {
    std::vector<Keyed> keyed;
    keyed.reserve(items.size());
    for (const Value& item : items) {
        if (!runtime.budget.spend()) break;
        Value key = item;
        if (attribute != nullptr && !is_none(*attribute)) {
            HEARTH_TRY(key, lookup_path(runtime, item, *attribute));
        }
        if (const MarkedText* text = as_text(key); text && letters == Case::ignored) {
            key = change_characters(runtime, *text, lower_character);
        }
        keyed.push_back({key, item});
    }
    return keyed;
}

Result<void> sort_by_key(Runtime& runtime, std::vector<Keyed>& items, bool reverse) {
    Result<void> outcome;
    // Once an order fails, all are said to be equal: the sort ends and its result is not used.
    const auto before = [&](const Keyed& a, const Keyed& b) {
        if (!outcome || !runtime.budget.ok()) return false;
        const Result<int> order = compare(runtime.budget, a.key, b.key, "<");
        if (!order) outcome = tl::unexpected(order.error());
        return order.has_value() && (reverse ? *order > 0 : *order < 0);
    };
    // A merge sort: unlike std::sort it stays within bounds when `before` is inconsistent (NaN).
    std::stable_sort(items.begin(), items.end(), before);
    return outcome;
}

Case case_argument(const Arguments& arguments, size_t index) {
    const Value* sensitive = arguments.find(index, "case_sensitive");
    return sensitive != nullptr && truth(*sensitive) ? Case::respected : Case::ignored;
}

}  // namespace hearth::jinja
