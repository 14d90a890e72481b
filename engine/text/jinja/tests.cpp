#include "engine/text/jinja/tests.h"

#include <algorithm>

#include "engine/text/jinja/text_tools.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

namespace {

Result<const Value*> other(const Arguments& arguments) {
    if (arguments.positional.size() == 1) return &arguments.positional[0];
    return make_error(ErrorCode::bad_file, "the test takes one argument ({} given)",
                      arguments.positional.size());
}

// Tests of the value alone.
template <bool (*is)(const Value&)>
Result<bool> plain_test(Runtime&, const Value& value, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("the test", 0));
    return is(value);
}

bool is_defined(const Value& value) {
    return !is_undefined(value);
}
bool is_boolean(const Value& value) {
    return std::holds_alternative<bool>(value);
}
bool is_true(const Value& value) {
    return is_boolean(value) && std::get<bool>(value);
}
bool is_false(const Value& value) {
    return is_boolean(value) && !std::get<bool>(value);
}
bool is_integer(const Value& value) {
    return std::holds_alternative<int64_t>(value);
}
bool is_float(const Value& value) {
    return std::holds_alternative<double>(value);
}
bool is_number(const Value& value) {
    return as_number(value).has_value();
}
bool is_string(const Value& value) {
    return as_text(value) != nullptr;
}
bool is_mapping(const Value& value) {
    return as_dict(value) != nullptr;
}
bool is_iterable(const Value& value) {
    return is_string(value) || is_mapping(value) || as_list(value) != nullptr ||
           is_undefined(value) || std::holds_alternative<Loop*>(value);
}
bool is_sequence(const Value& value) {
    const List* list = as_list(value);
    return is_string(value) || is_mapping(value) || is_undefined(value) ||
           (list != nullptr && list->kind != List::Kind::generator);
}
bool can_be_called(const Value& value) {
    return is_callable(value) || is_undefined(value);  // calling undefined says what is missing
}

Result<bool> equal_test(Runtime& runtime, const Value& value, const Arguments& arguments) {
    HEARTH_TRY(const Value* right, other(arguments));
    return equals(runtime.budget, value, *right);
}

Result<bool> unequal_test(Runtime& runtime, const Value& value, const Arguments& arguments) {
    HEARTH_TRY(const bool same, equal_test(runtime, value, arguments));
    return !same;
}

enum class Order : uint8_t { less, less_equal, greater, greater_equal };

template <Order order>
Result<bool> order_test(Runtime& runtime, const Value& value, const Arguments& arguments) {
    static constexpr const char* kWords[] = {"<", "<=", ">", ">="};
    HEARTH_TRY(const Value* right, other(arguments));
    HEARTH_TRY(const int found,
               compare(runtime.budget, value, *right, kWords[static_cast<size_t>(order)]));
    if (order == Order::less) return found < 0;
    if (order == Order::less_equal) return found <= 0;
    return order == Order::greater ? found > 0 : found >= 0;
}

Result<bool> in_test(Runtime& runtime, const Value& value, const Arguments& arguments) {
    HEARTH_TRY(const Value* haystack, other(arguments));
    return contains(runtime.budget, *haystack, value);
}

// The same object; for what has no identity here, the same type and value.
Result<bool> sameas_test(Runtime& runtime, const Value& value, const Arguments& arguments) {
    HEARTH_TRY(const Value* right, other(arguments));
    if (value.index() != right->index()) return false;
    if (const List* list = as_list(value)) return list == as_list(*right);
    if (const Dict* dict = as_dict(value)) return dict == as_dict(*right);
    return equals(runtime.budget, value, *right);
}

Result<bool> divisible(const Value& value, const Value& by) {
    HEARTH_TRY(const int64_t number, require_integer(value, "the value"));
    HEARTH_TRY(const int64_t divisor, require_integer(by, "the divisor"));
    if (divisor == 0) return make_error(ErrorCode::bad_file, "division by zero");
    return divisor == -1 || number % divisor == 0;
}

Result<bool> divisibleby_test(Runtime&, const Value& value, const Arguments& arguments) {
    HEARTH_TRY(const Value* by, other(arguments));
    return divisible(value, *by);
}

Result<bool> even_test(Runtime&, const Value& value, const Arguments&) {
    return divisible(value, int64_t{2});
}

Result<bool> odd_test(Runtime&, const Value& value, const Arguments&) {
    HEARTH_TRY(const bool even, divisible(value, int64_t{2}));
    return !even;
}

// Whether a change of case changes nothing.
template <ChangeCharacter change>
Result<bool> case_test(Runtime& runtime, const Value& value, const Arguments&) {
    const Value text = to_str(runtime, value);
    const Value changed = change_characters(runtime, *as_text(text), change);
    return !as_text(text)->empty() && as_text(text)->text() == as_text(changed)->text();
}

constexpr std::pair<std::string_view, Test> kTests[] = {
    {"defined", plain_test<is_defined>},
    {"undefined", plain_test<is_undefined>},
    {"none", plain_test<is_none>},
    {"boolean", plain_test<is_boolean>},
    {"true", plain_test<is_true>},
    {"false", plain_test<is_false>},
    {"integer", plain_test<is_integer>},
    {"float", plain_test<is_float>},
    {"number", plain_test<is_number>},
    {"string", plain_test<is_string>},
    {"mapping", plain_test<is_mapping>},
    {"iterable", plain_test<is_iterable>},
    {"sequence", plain_test<is_sequence>},
    {"callable", plain_test<can_be_called>},
    {"eq", equal_test},
    {"equalto", equal_test},
    {"==", equal_test},
    {"ne", unequal_test},
    {"!=", unequal_test},
    {"lt", order_test<Order::less>},
    {"lessthan", order_test<Order::less>},
    {"<", order_test<Order::less>},
    {"le", order_test<Order::less_equal>},
    {"<=", order_test<Order::less_equal>},
    {"gt", order_test<Order::greater>},
    {"greaterthan", order_test<Order::greater>},
    {">", order_test<Order::greater>},
    {"ge", order_test<Order::greater_equal>},
    {">=", order_test<Order::greater_equal>},
    {"in", in_test},
    {"sameas", sameas_test},
    {"divisibleby", divisibleby_test},
    {"even", even_test},
    {"odd", odd_test},
    {"lower", case_test<lower_character>},
    {"upper", case_test<upper_character>},
};

}  // namespace

Test find_test(std::string_view name) {
    const auto* found = std::find_if(std::begin(kTests), std::end(kTests),
                                     [name](const auto& entry) { return entry.first == name; });
    return found == std::end(kTests) ? nullptr : found->second;
}

}  // namespace hearth::jinja
