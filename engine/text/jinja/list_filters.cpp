// Filters over lists and dicts, and default.
#include <algorithm>

#include "engine/text/jinja/filters.h"
#include "engine/text/jinja/methods.h"
#include "engine/text/jinja/sorting.h"
#include "engine/text/jinja/text_tools.h"
#include "engine/text/jinja/unicode.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

namespace {

Result<Value> length_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("length", 0));
    if (const MarkedText* text = as_text(input)) {
        runtime.budget.scan(text->size());
        return static_cast<int64_t>(count_characters(text->text()));
    }
    if (const Dict* dict = as_dict(input)) return static_cast<int64_t>(dict->entries.size());
    const List* list = as_list(input);
    if (list != nullptr && list->kind != List::Kind::generator) {
        return static_cast<int64_t>(list->items.size());
    }
    if (is_undefined(input)) return int64_t{0};
    return make_error(ErrorCode::bad_file, "object of type '{}' has no len()", type_name(input));
}

Result<Value> default_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("default", 2, {"default_value", "boolean"}));
    const Value* boolean = arguments.find(1, "boolean");
    const bool falsy_too = boolean != nullptr && truth(*boolean);
    if (!is_undefined(input) && (!falsy_too || truth(input))) return input;
    const Value* fallback = arguments.find(0, "default_value");
    return fallback != nullptr ? *fallback : runtime.heap.text({}, Origin::markup);
}

Result<Value> first_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("first", 0));
    HEARTH_TRY(const auto items, iterate(runtime, input));
    if (items.empty()) return runtime.heap.undefined("No first item, sequence was empty.");
    return items.front();
}

Result<Value> last_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("last", 0));
    HEARTH_TRY(const auto items, iterate(runtime, input));
    if (items.empty()) return runtime.heap.undefined("No last item, sequence was empty.");
    return items.back();
}

Result<Value> list_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("list", 0));
    HEARTH_TRY(auto items, iterate(runtime, input));
    return runtime.heap.list(std::move(items));
}

Result<Value> reverse_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("reverse", 0));
    HEARTH_TRY(auto items, iterate(runtime, input));
    std::reverse(items.begin(), items.end());
    if (as_text(input) != nullptr) return join(runtime, items, MarkedText());
    return runtime.heap.list(std::move(items), List::Kind::generator);
}

Result<Value> join_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("join", 2, {"d", "attribute"}));
    HEARTH_TRY(auto items, iterate(runtime, input));
    if (const Value* attribute = arguments.find(1, "attribute");
        attribute && !is_none(*attribute)) {
        for (Value& item : items) {
            HEARTH_TRY(item, lookup_path(runtime, item, *attribute));
        }
    }
    const Value* separator = arguments.find(0, "d");
    if (separator == nullptr) return join(runtime, items, MarkedText());
    return join(runtime, items, *as_text(to_str(runtime, *separator)));
}

Result<Value> items_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("items", 0));
    if (is_undefined(input)) return runtime.heap.list({}, List::Kind::generator);
    if (as_dict(input) == nullptr) {
        return make_error(ErrorCode::bad_file, "Can only get item pairs from a mapping.");
    }
    HEARTH_TRY(const Value items, find_method(input, "items")->native(runtime, input, {}));
    return runtime.heap.list(std::move(as_list(items)->items), List::Kind::generator);
}

Result<Value> sum_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("sum", 2, {"attribute", "start"}));
    const Value* attribute = arguments.find(0, "attribute");
    const Value* start = arguments.find(1, "start");
    Value total = start != nullptr ? *start : int64_t{0};
    HEARTH_TRY(const auto items, iterate(runtime, input));
    for (Value item : items) {
        if (attribute != nullptr && !is_none(*attribute)) {
            HEARTH_TRY(item, lookup_path(runtime, item, *attribute));
        }
        HEARTH_TRY(total, calculate(runtime, ast::Arithmetic::Op::add, total, item));
        if (!runtime.budget.spend()) break;
    }
    return total;
}

constexpr std::pair<std::string_view, Filter> kFilters[] = {
    {"length", length_filter},   {"count", length_filter}, {"default", default_filter},
    {"d", default_filter},       {"first", first_filter},  {"last", last_filter},
    {"list", list_filter},       {"join", join_filter},    {"items", items_filter},
    {"reverse", reverse_filter}, {"sum", sum_filter},
};

}  // namespace

Filter find_list_filter(std::string_view name) {
    for (const auto& [word, filter] : kFilters) {
        if (word == name) return filter;
    }
    return nullptr;
}

}  // namespace hearth::jinja
