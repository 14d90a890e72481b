// Attributes, subscripts and slices.
#include <algorithm>

#include "engine/base/utf8.h"
#include "engine/text/jinja/methods.h"
#include "engine/text/jinja/operators.h"
#include "engine/text/jinja/scope.h"
#include "engine/text/jinja/unicode.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

namespace {

std::optional<Value> loop_field(Heap& heap, const Loop& loop, std::string_view name) {
    const size_t n = loop.items.size();
    const auto integer = [](size_t value) { return Value(static_cast<int64_t>(value)); };
    if (name == "index0") return integer(loop.index);
    if (name == "index") return integer(loop.index + 1);
    if (name == "revindex0") return integer(n - loop.index - 1);
    if (name == "revindex") return integer(n - loop.index);
    if (name == "length") return integer(n);
    if (name == "depth") return integer(loop.depth);
    if (name == "depth0") return integer(loop.depth - 1);
    if (name == "first") return Value(loop.index == 0);
    if (name == "last") return Value(loop.index + 1 == n);
    if (name == "previtem") {
        if (loop.index == 0) return heap.undefined("there is no previous item");
        return loop.items[loop.index - 1];
    }
    if (name == "nextitem") {
        if (loop.index + 1 >= n) return heap.undefined("there is no next item");
        return loop.items[loop.index + 1];
    }
    return std::nullopt;
}

// The item of a list or the character of a text; undefined past the end.
Result<Value> item_at(Runtime& runtime, const Value& object, int64_t given) {
    int64_t index = given;
    if (const MarkedText* text = as_text(object)) {
        const std::string_view view = text->text();
        runtime.budget.scan(view.size());
        const auto n = static_cast<int64_t>(count_characters(view));
        if (index < 0) index += n;
        if (index < 0 || index >= n)
            return runtime.heap.no_element(object, fmt::format("{}", given));
        const size_t begin = byte_offset(view, static_cast<size_t>(index));
        const size_t end = begin + decode_utf8(view.substr(begin)).bytes;
        return runtime.heap.text(text->slice(begin, end));
    }
    const List& list = *as_list(object);
    const auto n = static_cast<int64_t>(list.items.size());
    if (index < 0) index += n;
    if (index < 0 || index >= n || list.kind == List::Kind::generator) {
        return runtime.heap.no_element(object, fmt::format("{}", given));
    }
    return list.items[static_cast<size_t>(index)];
}

struct Range {
    int64_t start;
    int64_t step;
    size_t count;
};

// Python's rules for start, stop and step over n items.
Result<Range> resolve_slice(int64_t n, const Value& start, const Value& stop, const Value& step) {
    int64_t by = 1;
    if (!is_none(step)) {
        HEARTH_TRY(by, require_integer(step, "slice step"));
    }
    if (by == 0) return make_error(ErrorCode::bad_file, "slice step cannot be zero");
    const int64_t low = by > 0 ? 0 : -1;
    const int64_t high = by > 0 ? n : n - 1;
    const auto bound = [&](const Value& value, int64_t fallback) -> Result<int64_t> {
        if (is_none(value)) return fallback;
        HEARTH_TRY(int64_t index, require_integer(value, "slice indices"));
        if (index < 0) index = std::max(index, -n - 1) + n;
        return std::clamp(index, low, high);
    };
    HEARTH_TRY(const int64_t from, bound(start, by > 0 ? low : high));
    HEARTH_TRY(const int64_t to, bound(stop, by > 0 ? high : low));
    const int64_t distance = by > 0 ? to - from : from - to;
    if (distance <= 0) return Range{from, by, 0};
    by = std::clamp(by, -n - 1, n + 1);  // a longer step gives the same items
    const int64_t stride = by > 0 ? by : -by;
    return Range{from, by, static_cast<size_t>((distance - 1) / stride + 1)};
}

Value slice_text(Runtime& runtime, const MarkedText& text, const Range& range) {
    const std::string_view view = text.text();
    if (range.step == 1) {
        const size_t begin = byte_offset(view, static_cast<size_t>(range.start));
        const size_t end = begin + byte_offset(view.substr(begin), range.count);
        return runtime.heap.text(text.slice(begin, end));
    }
    std::vector<size_t> offsets{0};
    while (offsets.back() < view.size()) {
        offsets.push_back(offsets.back() + decode_utf8(view.substr(offsets.back())).bytes);
    }
    MarkedText part;
    for (size_t i = 0; i < range.count; ++i) {
        const auto at = static_cast<size_t>(range.start + static_cast<int64_t>(i) * range.step);
        part.append(text, offsets[at], offsets[at + 1]);
    }
    return runtime.heap.text(std::move(part));
}

}  // namespace

Result<Value> get_attribute(Runtime& runtime, const Value& object, const MarkedText& name) {
    if (const auto* undefined = std::get_if<Undefined>(&object)) {
        return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
    }
    if (const auto* space = std::get_if<Namespace*>(&object)) {
        if (const Value* found = (*space)->attributes.find(name.text())) return *found;
    }
    if (const auto* loop = std::get_if<Loop*>(&object)) {
        if (const auto field = loop_field(runtime.heap, **loop, name.text())) return *field;
    }
    if (const Method* method = find_method(object, name.text())) {
        return runtime.heap.callable({method->name, method->native, object});
    }
    if (const Dict* dict = as_dict(object)) {
        runtime.budget.spend(dict->entries.size() / 8);
        if (const Value* found = dict->find(name.text())) return *found;
    }
    return Heap::no_attribute(object, name);
}

Result<Value> get_item(Runtime& runtime, const Value& object, const Value& key) {
    if (const auto* undefined = std::get_if<Undefined>(&object)) {
        return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
    }
    const auto number = as_number(key);
    if (number && number->integral && (as_list(object) != nullptr || as_text(object) != nullptr)) {
        return item_at(runtime, object, number->integer);
    }
    if (const Dict* dict = as_dict(object)) {
        const auto found = dict->find(runtime.budget, key);
        if (found && *found != nullptr) return **found;
    }
    if (const MarkedText* name = as_text(key)) return get_attribute(runtime, object, *name);
    Writer words(runtime.budget);
    words.write_repr(key);
    return runtime.heap.no_element(object, words.text().text());
}

Result<Value> get_slice(Runtime& runtime, const Value& object, const Value& start,
                        const Value& stop, const Value& step) {
    if (const MarkedText* text = as_text(object)) {
        if (!runtime.budget.scan(text->size())) return object;
        const auto n = static_cast<int64_t>(count_characters(text->text()));
        HEARTH_TRY(const Range range, resolve_slice(n, start, stop, step));
        if (range.count == static_cast<size_t>(n) && range.step == 1) return object;
        return slice_text(runtime, *text, range);
    }
    if (const List* list = as_list(object)) {
        if (!runtime.budget.spend(list->items.size() / 8)) return object;
        const auto n = static_cast<int64_t>(list->items.size());
        HEARTH_TRY(const Range range, resolve_slice(n, start, stop, step));
        std::vector<Value> items;
        items.reserve(range.count);
        for (size_t i = 0; i < range.count; ++i) {
            const int64_t at = range.start + static_cast<int64_t>(i) * range.step;
            items.push_back(list->items[static_cast<size_t>(at)]);
        }
        return runtime.heap.list(std::move(items), list->kind);
    }
    if (const auto* undefined = std::get_if<Undefined>(&object)) {
        return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
    }
    return make_error(ErrorCode::bad_file, "'{}' object is not subscriptable", type_name(object));
}

}  // namespace hearth::jinja
