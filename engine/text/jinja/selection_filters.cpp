// Filters that choose, map and order items: select, map, sort, unique, groupby and their kin.
#include <algorithm>

#include "engine/text/jinja/filters.h"
#include "engine/text/jinja/sorting.h"
#include "engine/text/jinja/tests.h"

namespace hearth::jinja {

namespace {

// The arguments from `first` on, for a filter or test that is called for each item.
Arguments rest_of(const Arguments& arguments, size_t first) {
    Arguments rest;
    const size_t n = arguments.positional.size();
    for (size_t i = first; i < n; ++i) rest.positional.push_back(arguments.positional[i]);
    rest.named = arguments.named;
    return rest;
}

// What select and map visit: nothing for None and whatever else is falsy, as jinja2 does.
Result<std::vector<Value>> visited(Runtime& runtime, const Value& input) {
    if (!truth(input)) return std::vector<Value>{};
    return iterate(runtime, input);
}

// select, reject (the test is the first argument) and selectattr, rejectattr (the second).
template <bool by_attribute, bool keeps>
Result<Value> select_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    constexpr size_t kTestAt = by_attribute ? 1 : 0;
    if (arguments.positional.size() < kTestAt) {
        return make_error(ErrorCode::bad_file, "missing attribute name");
    }
    Test test = nullptr;
    if (arguments.positional.size() > kTestAt) {
        HEARTH_TRY(const MarkedText* name,
                   require_text(arguments.positional[kTestAt], "a test's name"));
        test = find_test(name->text());
        if (test == nullptr) {
            return make_error(ErrorCode::bad_file, "No test named '{}'", name->text());
        }
    }
    const Arguments rest = rest_of(arguments, kTestAt + 1);
    HEARTH_TRY(const auto items, visited(runtime, input));
    std::vector<Value> chosen;
    for (const Value& item : items) {
        if (!runtime.budget.spend()) break;
        Value subject = item;
        if constexpr (by_attribute) {
            HEARTH_TRY(subject, lookup_path(runtime, item, arguments.positional[0]));
        }
        bool passes = truth(subject);
        if (test != nullptr) {
            HEARTH_TRY(passes, test(runtime, subject, rest));
        }
        if (passes == keeps) chosen.push_back(item);
    }
    return runtime.heap.list(std::move(chosen), List::Kind::generator);
}

Result<Value> map_attribute(Runtime& runtime, std::vector<Value> items,
                            const Arguments& arguments) {
    const Value* attribute = arguments.find(SIZE_MAX, "attribute");
    const Value* fallback = arguments.find(SIZE_MAX, "default");
    for (Value& item : items) {
        if (!runtime.budget.spend()) break;
        HEARTH_TRY(item, lookup_path(runtime, item, *attribute));
        if (fallback != nullptr && is_undefined(item)) item = *fallback;
    }
    return runtime.heap.list(std::move(items), List::Kind::generator);
}

Result<Value> map_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY(auto items, visited(runtime, input));
    if (arguments.positional.empty()) {
        HEARTH_TRY_VOID(arguments.expect("map", 0, {"attribute", "default"}));
        if (arguments.find(SIZE_MAX, "attribute") != nullptr) {
            return map_attribute(runtime, std::move(items), arguments);
        }
        return make_error(ErrorCode::bad_file, "map requires a filter argument");
    }
    HEARTH_TRY(const MarkedText* name, require_text(arguments.positional[0], "a filter's name"));
    const Filter filter = find_filter(name->text());
    if (filter == nullptr) {
        return make_error(ErrorCode::bad_file, "No filter named '{}'", name->text());
    }
    const Nesting nesting(runtime.budget);  // map('map', 'map', ...)
    HEARTH_TRY_VOID(runtime.budget.check());
    const Arguments rest = rest_of(arguments, 1);
    for (Value& item : items) {
        if (!runtime.budget.spend()) break;
        HEARTH_TRY(item, filter(runtime, item, rest));
    }
    return runtime.heap.list(std::move(items), List::Kind::generator);
}

Value items_of(Runtime& runtime, const std::vector<Keyed>& keyed) {
    std::vector<Value> items;
    items.reserve(keyed.size());
    for (const Keyed& each : keyed) items.push_back(each.item);
    return runtime.heap.list(std::move(items));
}

Result<Value> sort_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("sort", 3, {"reverse", "case_sensitive", "attribute"}));
    const Value* reverse = arguments.find(0, "reverse");
    HEARTH_TRY(const auto items, iterate(runtime, input));
    HEARTH_TRY(auto keyed, with_keys(runtime, items, arguments.find(2, "attribute"),
                                     case_argument(arguments, 1)));
    HEARTH_TRY_VOID(sort_by_key(runtime, keyed, reverse != nullptr && truth(*reverse)));
    return items_of(runtime, keyed);
}

Result<Value> dictsort_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("dictsort", 3, {"case_sensitive", "by", "reverse"}));
    const Dict* dict = as_dict(input);
    if (dict == nullptr) {
        return make_error(ErrorCode::bad_file, "dictsort: a dict is needed, not {}",
                          type_name(input));
    }
    int64_t key_at = 0;
    if (const Value* by = arguments.find(1, "by")) {
        HEARTH_TRY(const MarkedText* word, require_text(*by, "by"));
        if (word->text() != "key" && word->text() != "value") {
            return make_error(ErrorCode::bad_file,
                              "You can only sort by either \"key\" or \"value\"");
        }
        key_at = word->text() == "key" ? 0 : 1;
    }
    std::vector<Value> pairs;
    for (const auto& [key, value] : dict->entries) {
        if (!runtime.budget.spend()) break;
        pairs.push_back(runtime.heap.list({key, value}, List::Kind::tuple));
    }
    const Value position = key_at;
    const Value* reverse = arguments.find(2, "reverse");
    HEARTH_TRY(auto keyed, with_keys(runtime, pairs, &position, case_argument(arguments, 0)));
    HEARTH_TRY_VOID(sort_by_key(runtime, keyed, reverse != nullptr && truth(*reverse)));
    return items_of(runtime, keyed);
}

Result<Value> unique_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("unique", 2, {"case_sensitive", "attribute"}));
    HEARTH_TRY(const auto items, iterate(runtime, input));
    HEARTH_TRY(const auto keyed, with_keys(runtime, items, arguments.find(1, "attribute"),
                                           case_argument(arguments, 0)));
    Dict seen;
    std::vector<Value> kept;
    for (const Keyed& each : keyed) {
        HEARTH_TRY(const Value* found, seen.find(runtime.budget, each.key));
        if (found != nullptr) continue;
        if (!runtime.budget.reserve(2 * sizeof(Value))) break;
        seen.entries.emplace_back(each.key, None{});
        kept.push_back(each.item);
    }
    return runtime.heap.list(std::move(kept), List::Kind::generator);
}

// min and max.
template <bool least>
Result<Value> extreme_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("the filter", 2, {"case_sensitive", "attribute"}));
    HEARTH_TRY(const auto items, iterate(runtime, input));
    if (items.empty()) return runtime.heap.undefined("No aggregated item, sequence was empty.");
    HEARTH_TRY(const auto keyed, with_keys(runtime, items, arguments.find(1, "attribute"),
                                           case_argument(arguments, 0)));
    HEARTH_TRY_VOID(runtime.budget.check());
    const Keyed* best = &keyed.front();
    for (const Keyed& each : keyed) {
        HEARTH_TRY(const int order,
                   compare(runtime.budget, each.key, best->key, least ? "<" : ">"));
        if (least ? order < 0 : order > 0) best = &each;
    }
    return best->item;
}

// Pairs of a key and the list of items that have it, in the order of keys.
Result<Value> groupby_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("groupby", 3, {"attribute", "default", "case_sensitive"}));
    const Value* attribute = arguments.find(0, "attribute");
    const Value* fallback = arguments.find(1, "default");
    HEARTH_TRY(const auto items, iterate(runtime, input));
    HEARTH_TRY(auto keyed, with_keys(runtime, items, attribute, case_argument(arguments, 2)));
    for (Keyed& each : keyed) {
        if (fallback != nullptr && is_undefined(each.key)) each.key = *fallback;
    }
    HEARTH_TRY_VOID(sort_by_key(runtime, keyed, /*reverse=*/false));
    std::vector<Value> groups;
    for (size_t begin = 0; begin < keyed.size() && runtime.budget.ok();) {
        std::vector<Value> members;
        size_t end = begin;
        for (; end < keyed.size(); ++end) {
            HEARTH_TRY(const bool same, equals(runtime.budget, keyed[begin].key, keyed[end].key));
            if (!same) break;
            members.push_back(keyed[end].item);
        }
        // Shown is the key of the first member, in its own letters.
        Value key = keyed[begin].key;
        if (attribute != nullptr && !members.empty()) {
            HEARTH_TRY(const Value own, lookup_path(runtime, members.front(), *attribute));
            if (!is_undefined(own)) key = own;
        }
        const Value list = runtime.heap.list(std::move(members));
        groups.push_back(runtime.heap.list({key, list}, List::Kind::tuple));
        begin = std::max(end, begin + 1);
    }
    return runtime.heap.list(std::move(groups));
}

constexpr std::pair<std::string_view, Filter> kFilters[] = {
    {"select", select_filter<false, true>},
    {"reject", select_filter<false, false>},
    {"selectattr", select_filter<true, true>},
    {"rejectattr", select_filter<true, false>},
    {"map", map_filter},
    {"sort", sort_filter},
    {"dictsort", dictsort_filter},
    {"unique", unique_filter},
    {"min", extreme_filter<true>},
    {"max", extreme_filter<false>},
    {"groupby", groupby_filter},
};

}  // namespace

Filter find_selection_filter(std::string_view name) {
    for (const auto& [word, filter] : kFilters) {
        if (word == name) return filter;
    }
    return nullptr;
}

}  // namespace hearth::jinja
