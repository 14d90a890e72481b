#include "engine/text/jinja/value.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/base/utf8.h"
#include "engine/text/jinja/unicode.h"

namespace hearth::jinja {

namespace {

// Rough bytes of an object besides its payload: the deque's slot and the allocator's header.
constexpr size_t kObjectBytes = 64;

// How Python names the types, and how jinja2 names what it looked for an attribute in. Ordered as
// Value's alternatives; the lists that are not lists come last.
struct TypeNames {
    const char* name;
    const char* object;
};
constexpr size_t kTuple = 12;
constexpr size_t kGenerator = 13;
constexpr TypeNames kTypes[] = {{"Undefined", "Undefined"},
                                {"NoneType", "None"},
                                {"bool", "bool object"},
                                {"int", "int object"},
                                {"float", "float object"},
                                {"str", "str object"},
                                {"list", "list object"},
                                {"dict", "dict object"},
                                {"Namespace", "jinja2.utils.Namespace object"},
                                {"Macro", "jinja2.runtime.Macro object"},
                                {"function", "function object"},
                                {"LoopContext", "jinja2.runtime.LoopContext object"},
                                {"tuple", "tuple object"},
                                {"generator", "generator object"}};
static_assert(kTuple == std::variant_size_v<Value> && std::size(kTypes) == kGenerator + 1);

uint8_t type_of(const Value& value) {
    const List* list = as_list(value);
    if (list != nullptr && list->kind == List::Kind::tuple) return kTuple;
    if (list != nullptr && list->kind == List::Kind::generator) return kGenerator;
    return static_cast<uint8_t>(value.index());
}

template <typename T>
int three_way(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

Result<bool> equal_lists(Budget& budget, const List& a, const List& b) {
    if (&a == &b) return true;
    if (a.kind != b.kind || a.items.size() != b.items.size()) return false;
    for (size_t i = 0; i < a.items.size(); ++i) {
        HEARTH_TRY(const bool same, equals(budget, a.items[i], b.items[i]));
        if (!same) return false;
    }
    return true;
}

Result<bool> equal_dicts(Budget& budget, const Dict& a, const Dict& b) {
    if (&a == &b) return true;
    if (a.entries.size() != b.entries.size()) return false;
    for (const auto& [key, value] : a.entries) {
        HEARTH_TRY(const Value* other, b.find(budget, key));
        if (other == nullptr) return false;
        HEARTH_TRY(const bool same, equals(budget, value, *other));
        if (!same) return false;
    }
    return true;
}

Result<int> compare_lists(Budget& budget, const List& a, const List& b, const char* op) {
    const size_t n = std::min(a.items.size(), b.items.size());
    for (size_t i = 0; i < n; ++i) {
        HEARTH_TRY(const bool same, equals(budget, a.items[i], b.items[i]));
        if (!same) return compare(budget, a.items[i], b.items[i], op);
    }
    return three_way(a.items.size(), b.items.size());
}

Result<std::vector<Value>> characters(Runtime& runtime, const MarkedText& text) {
    std::vector<Value> items;
    const std::string_view view = text.text();
    for (size_t at = 0; at < view.size() && runtime.budget.spend();) {
        const size_t end = at + decode_utf8(view.substr(at)).bytes;
        items.push_back(runtime.heap.text(text.slice(at, end)));
        at = end;
    }
    return items;
}

}  // namespace

const Value* Dict::find(std::string_view key) const {
    for (const auto& [name, value] : entries) {
        const MarkedText* text = as_text(name);
        if (text != nullptr && text->text() == key) return &value;
    }
    return nullptr;
}

Result<const Value*> Dict::find(Budget& budget, const Value& key) const {
    if (const MarkedText* text = as_text(key)) {
        budget.spend(entries.size() / 8);
        return find(text->text());
    }
    if (as_dict(key) != nullptr ||
        (as_list(key) != nullptr && as_list(key)->kind == List::Kind::list)) {
        return make_error(ErrorCode::bad_file, "unhashable type: '{}'", type_name(key));
    }
    for (const auto& [name, value] : entries) {
        HEARTH_TRY(const bool same, equals(budget, name, key));
        if (same) return &value;
    }
    return nullptr;
}

const Value* Arguments::find(size_t index, std::string_view name) const {
    if (index < positional.size()) return &positional[index];
    for (const auto& [key, value] : named) {
        if (key == name) return &value;
    }
    return nullptr;
}

Result<void> Arguments::expect(std::string_view callee, size_t most,
                               std::initializer_list<std::string_view> names) const {
    if (positional.size() > most) {
        return make_error(ErrorCode::bad_file, "{} takes at most {} arguments ({} given)", callee,
                          most, positional.size());
    }
    for (const auto& [key, value] : named) {
        if (std::find(names.begin(), names.end(), key) == names.end()) {
            return make_error(ErrorCode::bad_file, "{} has no argument '{}'", callee, key);
        }
    }
    return {};
}

Value Heap::text(MarkedText text) {
    budget_.reserve(text.footprint());
    texts_.push_back(std::move(text));
    return &texts_.back();
}

Value Heap::list(std::vector<Value> items, List::Kind kind) {
    budget_.reserve(kObjectBytes + items.size() * sizeof(Value));
    lists_.push_back({kind, std::move(items)});
    return &lists_.back();
}

Dict* Heap::dict() {
    budget_.reserve(kObjectBytes);
    return &dicts_.emplace_back();
}

Namespace* Heap::make_namespace() {
    budget_.reserve(kObjectBytes);
    return &namespaces_.emplace_back();
}

Value Heap::callable(Callable callable) {
    budget_.reserve(kObjectBytes);
    callables_.push_back(callable);
    return &callables_.back();
}

Value Heap::no_attribute(const Value& object, const MarkedText& name) {
    return Undefined{&name, Undefined::What::attribute, type_of(object)};
}

Value Heap::no_element(const Value& object, std::string key) {
    const Value name = text(std::move(key), Origin::markup);
    return Undefined{as_text(name), Undefined::What::element, type_of(object)};
}

const MarkedText* as_text(const Value& value) {
    const auto* text = std::get_if<const MarkedText*>(&value);
    return text != nullptr ? *text : nullptr;
}

List* as_list(const Value& value) {
    const auto* list = std::get_if<List*>(&value);
    return list != nullptr ? *list : nullptr;
}

Dict* as_dict(const Value& value) {
    const auto* dict = std::get_if<Dict*>(&value);
    return dict != nullptr ? *dict : nullptr;
}

bool is_undefined(const Value& value) {
    return std::holds_alternative<Undefined>(value);
}

bool is_none(const Value& value) {
    return std::holds_alternative<None>(value);
}

bool is_callable(const Value& value) {
    return std::holds_alternative<const Macro*>(value) ||
           std::holds_alternative<const Callable*>(value) || std::holds_alternative<Loop*>(value);
}

std::optional<Number> as_number(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return Number{true, *flag, *flag ? 1.0 : 0.0};
    if (const auto* integer = std::get_if<int64_t>(&value)) {
        return Number{true, *integer, static_cast<double>(*integer)};
    }
    if (const auto* real = std::get_if<double>(&value)) return Number{false, 0, *real};
    return std::nullopt;
}

Result<int64_t> require_integer(const Value& value, std::string_view what) {
    const auto number = as_number(value);
    if (number && number->integral) return number->integer;
    return make_error(ErrorCode::bad_file, "{} must be an integer, not {}", what, type_name(value));
}

Result<const MarkedText*> require_text(const Value& value, std::string_view what) {
    if (const MarkedText* text = as_text(value)) return text;
    if (const auto* undefined = std::get_if<Undefined>(&value)) {
        return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
    }
    return make_error(ErrorCode::bad_file, "{} must be str, not {}", what, type_name(value));
}

bool truth(const Value& value) {
    if (const auto number = as_number(value)) return number->real != 0;
    if (const MarkedText* text = as_text(value)) return !text->empty();
    if (const List* list = as_list(value)) {
        return list->kind == List::Kind::generator || !list->items.empty();
    }
    if (const Dict* dict = as_dict(value)) return !dict->entries.empty();
    return !is_undefined(value) && !is_none(value);
}

const char* type_name(const Value& value) {
    return kTypes[type_of(value)].name;
}

std::string undefined_words(const Undefined& undefined) {
    const char* object = kTypes[undefined.type].object;
    const std::string name = undefined.name == nullptr ? "value" : undefined.name->text();
    switch (undefined.what) {
        case Undefined::What::variable:
            return fmt::format("'{}' is undefined", name);
        case Undefined::What::attribute:
            return fmt::format("'{}' has no attribute '{}'", object, name);
        case Undefined::What::element:
            return fmt::format("{} has no element {}", object, name);
        case Undefined::What::other:
            break;
    }
    return name;
}

Result<bool> equals(Budget& budget, const Value& a, const Value& b) {
    const Nesting nesting(budget);
    if (!budget.spend()) return false;
    const auto x = as_number(a);
    const auto y = as_number(b);
    if (x && y) return x->integral && y->integral ? x->integer == y->integer : x->real == y->real;
    if (a.index() != b.index()) return false;
    if (const MarkedText* text = as_text(a)) {
        const std::string& other = as_text(b)->text();
        if (text->size() != other.size()) return false;
        budget.scan(other.size());
        return text->text() == other;
    }
    if (const List* list = as_list(a)) return equal_lists(budget, *list, *as_list(b));
    if (const Dict* dict = as_dict(a)) return equal_dicts(budget, *dict, *as_dict(b));
    if (is_undefined(a) || is_none(a)) return true;
    return std::visit(
        [&b](const auto& held) {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_pointer_v<Held>) return held == std::get<Held>(b);
            return false;
        },
        a);
}

Result<int> compare(Budget& budget, const Value& a, const Value& b, const char* op) {
    const Nesting nesting(budget);
    if (!budget.spend()) return 0;
    const auto x = as_number(a);
    const auto y = as_number(b);
    if (x && y) {
        return x->integral && y->integral ? three_way(x->integer, y->integer)
                                          : three_way(x->real, y->real);
    }
    const MarkedText* text = as_text(a);
    if (text != nullptr && as_text(b) != nullptr) {
        budget.scan(text->size());
        return text->text().compare(as_text(b)->text());
    }
    const List* list = as_list(a);
    if (list != nullptr && as_list(b) != nullptr && list->kind == as_list(b)->kind) {
        return compare_lists(budget, *list, *as_list(b), op);
    }
    for (const Value* side : {&a, &b}) {
        if (const auto* undefined = std::get_if<Undefined>(side)) {
            return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
        }
    }
    return make_error(ErrorCode::bad_file, "'{}' not supported between instances of '{}' and '{}'",
                      op, type_name(a), type_name(b));
}

Result<bool> contains(Budget& budget, const Value& haystack, const Value& needle) {
    if (const MarkedText* text = as_text(haystack)) {
        const MarkedText* part = as_text(needle);
        if (part == nullptr) {
            if (const auto* undefined = std::get_if<Undefined>(&needle)) {
                return make_error(ErrorCode::bad_file,
                                  "'in <string>' requires string as left operand, not Undefined "
                                  "({})",
                                  undefined_words(*undefined));
            }
            return make_error(ErrorCode::bad_file,
                              "'in <string>' requires string as left operand, not {}",
                              type_name(needle));
        }
        budget.search(text->size());
        return find_part(text->text(), part->text()) != std::string_view::npos;
    }
    if (const List* list = as_list(haystack)) {
        for (const Value& item : list->items) {
            HEARTH_TRY(const bool same, equals(budget, item, needle));
            if (same) return true;
        }
        return false;
    }
    if (const Dict* dict = as_dict(haystack)) {
        HEARTH_TRY(const Value* found, dict->find(budget, needle));
        return found != nullptr;
    }
    if (is_undefined(haystack)) return false;
    return make_error(ErrorCode::bad_file, "argument of type '{}' is not iterable",
                      type_name(haystack));
}

Result<std::vector<Value>> iterate(Runtime& runtime, const Value& value) {
    if (List* list = as_list(value)) {
        runtime.budget.spend(list->items.size() / 8);
        if (list->kind == List::Kind::generator) return std::exchange(list->items, {});
        return list->items;
    }
    if (const Dict* dict = as_dict(value)) {
        std::vector<Value> keys;
        for (const auto& entry : dict->entries) keys.push_back(entry.first);
        runtime.budget.spend(keys.size() / 8);
        return keys;
    }
    if (const MarkedText* text = as_text(value)) return characters(runtime, *text);
    if (is_undefined(value)) return std::vector<Value>{};
    return make_error(ErrorCode::bad_file, "'{}' object is not iterable", type_name(value));
}

Result<void> assign(Budget& budget, Dict& dict, const Value& key, const Value& value) {
    HEARTH_TRY(const Value* found, dict.find(budget, key));
    if (found != nullptr) {
        *const_cast<Value*>(found) = value;
        return {};
    }
    if (budget.reserve(sizeof(std::pair<Value, Value>))) dict.entries.emplace_back(key, value);
    return {};
}

}  // namespace hearth::jinja
