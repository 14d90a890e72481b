// Methods of list, dict and the loop variable.
#include <algorithm>

#include "engine/text/jinja/methods.h"
#include "engine/text/jinja/scope.h"

namespace hearth::jinja {

namespace {

Result<Value> argument(const Arguments& arguments, size_t index, std::string_view method) {
    if (index < arguments.positional.size()) return arguments.positional[index];
    return make_error(ErrorCode::bad_file, "{} expected at least {} argument{}, got {}", method,
                      index + 1, index == 0 ? "" : "s", arguments.positional.size());
}

tl::unexpected<Error> key_error() {
    return make_error(ErrorCode::bad_file, "no such key");
}

// ---- list

Result<Value> append_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("append()", 1));
    HEARTH_TRY(const Value item, argument(arguments, 0, "append()"));
    if (runtime.budget.reserve(sizeof(Value))) as_list(self)->items.push_back(item);
    return None{};
}

Result<Value> extend_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("extend()", 1));
    HEARTH_TRY(const Value more, argument(arguments, 0, "extend()"));
    HEARTH_TRY(const auto items, iterate(runtime, more));
    if (runtime.budget.reserve(items.size() * sizeof(Value))) {
        auto& all = as_list(self)->items;
        all.insert(all.end(), items.begin(), items.end());
    }
    return None{};
}

Result<Value> insert_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("insert()", 2));
    HEARTH_TRY(const Value where, argument(arguments, 0, "insert()"));
    HEARTH_TRY(const Value item, argument(arguments, 1, "insert()"));
    HEARTH_TRY(int64_t index, require_integer(where, "index"));
    auto& items = as_list(self)->items;
    const auto n = static_cast<int64_t>(items.size());
    if (index < 0) index = std::max<int64_t>(std::max(index, -n) + n, 0);
    index = std::min(index, n);
    runtime.budget.spend(items.size() / 8);
    if (runtime.budget.reserve(sizeof(Value))) items.insert(items.begin() + index, item);
    return None{};
}

Result<Value> pop_item_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("pop()", 1));
    auto& items = as_list(self)->items;
    const auto n = static_cast<int64_t>(items.size());
    int64_t index = -1;
    if (!arguments.positional.empty()) {
        HEARTH_TRY(index, require_integer(arguments.positional[0], "index"));
    }
    if (n == 0) return make_error(ErrorCode::bad_file, "pop from empty list");
    if (index < 0 && index >= -n) index += n;
    if (index < 0 || index >= n) return make_error(ErrorCode::bad_file, "pop index out of range");
    const Value item = items[static_cast<size_t>(index)];
    runtime.budget.spend(static_cast<uint64_t>(n - index) / 8);
    items.erase(items.begin() + index);
    return item;
}

Result<Value> index_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("index()", 1));
    HEARTH_TRY(const Value item, argument(arguments, 0, "index()"));
    const auto& items = as_list(self)->items;
    for (size_t i = 0; i < items.size(); ++i) {
        HEARTH_TRY(const bool same, equals(runtime.budget, items[i], item));
        if (same) return static_cast<int64_t>(i);
    }
    return make_error(ErrorCode::bad_file, "the value is not in the list");
}

Result<Value> count_item_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("count()", 1));
    HEARTH_TRY(const Value item, argument(arguments, 0, "count()"));
    int64_t n = 0;
    for (const Value& other : as_list(self)->items) {
        HEARTH_TRY(const bool same, equals(runtime.budget, other, item));
        n += same ? 1 : 0;
    }
    return n;
}

Result<Value> reverse_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("reverse()", 0));
    auto& items = as_list(self)->items;
    runtime.budget.spend(items.size() / 8);
    std::reverse(items.begin(), items.end());
    return None{};
}

Result<Value> copy_list_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("copy()", 0));
    return runtime.heap.list(as_list(self)->items);
}

Result<Value> clear_list_method(Runtime&, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("clear()", 0));
    as_list(self)->items.clear();
    return None{};
}

// ---- dict

Result<Value> items_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("items()", 0));
    std::vector<Value> items;
    for (const auto& [key, value] : as_dict(self)->entries) {
        if (!runtime.budget.spend()) break;
        items.push_back(runtime.heap.list({key, value}, List::Kind::tuple));
    }
    return runtime.heap.list(std::move(items));
}

Result<Value> keys_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("keys()", 0));
    HEARTH_TRY(auto keys, iterate(runtime, self));
    return runtime.heap.list(std::move(keys));
}

Result<Value> values_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("values()", 0));
    std::vector<Value> values;
    runtime.budget.spend(as_dict(self)->entries.size() / 8);
    for (const auto& entry : as_dict(self)->entries) values.push_back(entry.second);
    return runtime.heap.list(std::move(values));
}

Result<Value> get_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("get()", 2));
    HEARTH_TRY(const Value key, argument(arguments, 0, "get()"));
    HEARTH_TRY(const Value* found, as_dict(self)->find(runtime.budget, key));
    if (found != nullptr) return *found;
    if (arguments.positional.size() > 1) return arguments.positional[1];
    return None{};
}

Result<Value> setdefault_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("setdefault()", 2));
    HEARTH_TRY(const Value key, argument(arguments, 0, "setdefault()"));
    HEARTH_TRY(const Value* found, as_dict(self)->find(runtime.budget, key));
    if (found != nullptr) return *found;
    const Value value = arguments.positional.size() > 1 ? arguments.positional[1] : None{};
    HEARTH_TRY_VOID(assign(runtime.budget, *as_dict(self), key, value));
    return value;
}

Result<Value> pop_key_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("pop()", 2));
    HEARTH_TRY(const Value key, argument(arguments, 0, "pop()"));
    auto& entries = as_dict(self)->entries;
    HEARTH_TRY(const Value* found, as_dict(self)->find(runtime.budget, key));
    if (found == nullptr) {
        if (arguments.positional.size() > 1) return arguments.positional[1];
        return key_error();
    }
    const Value value = *found;
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [found](const auto& each) { return &each.second == found; });
    entries.erase(entry);
    return value;
}

Result<void> merge(Runtime& runtime, Dict& into, const Value& from) {
    if (const Dict* dict = as_dict(from)) {
        const auto entries = dict->entries;  // a copy: a dict may be merged into itself
        for (const auto& [key, value] : entries) {
            if (!runtime.budget.spend()) break;
            HEARTH_TRY_VOID(assign(runtime.budget, into, key, value));
        }
        return {};
    }
    HEARTH_TRY(const auto pairs, iterate(runtime, from));
    for (const Value& pair : pairs) {
        HEARTH_TRY(const auto parts, iterate(runtime, pair));
        if (parts.size() != 2) {
            return make_error(ErrorCode::bad_file,
                              "dictionary update sequence element has length {}; 2 is required",
                              parts.size());
        }
        HEARTH_TRY_VOID(assign(runtime.budget, into, parts[0], parts[1]));
    }
    return {};
}

Result<Value> update_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(update(runtime, *as_dict(self), arguments));
    return None{};
}

Result<Value> copy_dict_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("copy()", 0));
    Dict* copy = runtime.heap.dict();
    HEARTH_TRY_VOID(merge(runtime, *copy, self));
    return copy;
}

Result<Value> clear_dict_method(Runtime&, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("clear()", 0));
    as_dict(self)->entries.clear();
    return None{};
}

// ---- loop

Result<Value> cycle_method(Runtime&, const Value& self, const Arguments& arguments) {
    const auto& choices = arguments.positional;
    if (choices.empty()) return make_error(ErrorCode::bad_file, "no items for cycling given");
    return choices[std::get<Loop*>(self)->index % choices.size()];
}

// Whether the arguments differ from those of the call before.
Result<Value> changed_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    Loop& loop = *std::get<Loop*>(self);
    const Value now = runtime.heap.list(arguments.positional, List::Kind::tuple);
    if (loop.last_changed != nullptr) {
        HEARTH_TRY(const bool same, equals(runtime.budget, now, loop.last_changed));
        if (same) return false;
    }
    loop.last_changed = as_list(now);
    return true;
}

constexpr Method kListMethods[] = {
    {"append", append_method},   {"pop", pop_item_method},   {"extend", extend_method},
    {"insert", insert_method},   {"index", index_method},    {"count", count_item_method},
    {"reverse", reverse_method}, {"copy", copy_list_method}, {"clear", clear_list_method},
};

constexpr Method kDictMethods[] = {
    {"items", items_method},    {"get", get_method},          {"keys", keys_method},
    {"values", values_method},  {"update", update_method},    {"pop", pop_key_method},
    {"copy", copy_dict_method}, {"clear", clear_dict_method}, {"setdefault", setdefault_method},
};

constexpr Method kLoopMethods[] = {{"cycle", cycle_method}, {"changed", changed_method}};

}  // namespace

Result<void> update(Runtime& runtime, Dict& dict, const Arguments& arguments) {
    if (arguments.positional.size() > 1) {
        return make_error(ErrorCode::bad_file, "update expected at most 1 argument, got {}",
                          arguments.positional.size());
    }
    if (!arguments.positional.empty()) {
        HEARTH_TRY_VOID(merge(runtime, dict, arguments.positional[0]));
    }
    for (const auto& [name, value] : arguments.named) {
        const Value key = runtime.heap.text(std::string(name), Origin::markup);
        HEARTH_TRY_VOID(assign(runtime.budget, dict, key, value));
    }
    return {};
}

std::span<const Method> list_methods() {
    return kListMethods;
}

std::span<const Method> dict_methods() {
    return kDictMethods;
}

std::span<const Method> loop_methods() {
    return kLoopMethods;
}

}  // namespace hearth::jinja
