#include <algorithm>
#include <cmath>

#include "engine/base/bytes.h"
#include "engine/text/jinja/operators.h"

namespace hearth::jinja {

namespace {

using Op = ast::Arithmetic::Op;

const char* symbol(Op op) {
    static constexpr const char* kSymbols[] = {"+", "-", "*", "/", "//", "%", "** or pow()"};
    return kSymbols[static_cast<size_t>(op)];
}

tl::unexpected<Error> overflow() {
    return make_error(ErrorCode::bad_file, "integer too large");
}

tl::unexpected<Error> division_by_zero() {
    return make_error(ErrorCode::bad_file, "division by zero");
}

int64_t floor_divide(int64_t a, int64_t b) {
    const int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

int64_t floor_modulo(int64_t a, int64_t b) {
    const int64_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

Result<Value> integer_power(int64_t base, int64_t exponent) {
    if (exponent < 0) {
        if (base == 0) return division_by_zero();
        return std::pow(static_cast<double>(base), static_cast<double>(exponent));
    }
    if (base == 0 || base == 1) return exponent == 0 ? int64_t{1} : base;
    if (base == -1) return int64_t{exponent % 2 == 0 ? 1 : -1};
    int64_t result = 1;  // overflows within 63 rounds
    for (int64_t i = 0; i < exponent; ++i) {
        if (__builtin_mul_overflow(result, base, &result)) return overflow();
    }
    return result;
}

Result<Value> on_integers(Op op, int64_t a, int64_t b) {
    int64_t result = 0;
    switch (op) {
        case Op::add:
            if (__builtin_add_overflow(a, b, &result)) return overflow();
            return result;
        case Op::subtract:
            if (__builtin_sub_overflow(a, b, &result)) return overflow();
            return result;
        case Op::multiply:
            if (__builtin_mul_overflow(a, b, &result)) return overflow();
            return result;
        case Op::divide:
            if (b == 0) return division_by_zero();
            return static_cast<double>(a) / static_cast<double>(b);
        case Op::floor_divide:
        case Op::modulo:
            if (b == 0) return division_by_zero();
            if (b == -1) {  // the least integer has no positive counterpart
                if (op == Op::modulo) return int64_t{0};
                return on_integers(Op::subtract, 0, a);
            }
            return op == Op::modulo ? floor_modulo(a, b) : floor_divide(a, b);
        case Op::power:
            return integer_power(a, b);
    }
    return overflow();
}

Result<Value> on_reals(Op op, double a, double b) {
    switch (op) {
        case Op::add:
            return a + b;
        case Op::subtract:
            return a - b;
        case Op::multiply:
            return a * b;
        case Op::divide:
            if (b == 0) return division_by_zero();
            return a / b;
        case Op::floor_divide:
            if (b == 0) return division_by_zero();
            return std::floor(a / b);
        case Op::modulo:
            if (b == 0) return division_by_zero();
            return a - b * std::floor(a / b);
        case Op::power:
            return std::pow(a, b);
    }
    return overflow();
}

Result<Value> concatenate(Runtime& runtime, const Value& left, const Value& right) {
    if (const MarkedText* a = as_text(left)) {
        const MarkedText* b = as_text(right);
        if (b == nullptr) {
            return make_error(ErrorCode::bad_file, "can only concatenate str (not \"{}\") to str",
                              type_name(right));
        }
        if (a->empty()) return right;
        if (b->empty()) return left;
        const size_t size = a->size() + b->size();
        const size_t footprint = a->footprint() + b->footprint();
        if (!runtime.budget.scan(size) || !runtime.budget.has_room(footprint)) return left;
        return runtime.heap.text(a->plus(*b));
    }
    const List* a = as_list(left);
    const List* b = as_list(right);
    if (a == nullptr || b == nullptr || a->kind != b->kind) {
        return make_error(ErrorCode::bad_file, "unsupported operand type(s) for +: '{}' and '{}'",
                          type_name(left), type_name(right));
    }
    const size_t n = a->items.size() + b->items.size();
    if (!runtime.budget.spend(n / 8) || !runtime.budget.has_room(n * sizeof(Value))) return left;
    std::vector<Value> items;
    items.reserve(n);
    items.insert(items.end(), a->items.begin(), a->items.end());
    items.insert(items.end(), b->items.begin(), b->items.end());
    return runtime.heap.list(std::move(items), a->kind);
}

// "ab" * 3, [0] * 3
Result<Value> repeat(Runtime& runtime, const Value& value, int64_t times) {
    const MarkedText* text = as_text(value);
    const List* list = as_list(value);
    const auto n = static_cast<uint64_t>(std::max<int64_t>(times, 0));
    const size_t size = text != nullptr ? text->footprint() : list->items.size() * sizeof(Value);
    const uint64_t total = checked_mul<uint64_t>(size, n).value_or(UINT64_MAX);
    if (!runtime.budget.has_room(total) || !runtime.budget.scan(total)) return value;
    if (text != nullptr) {
        MarkedText repeated;
        for (uint64_t i = 0; i < n; ++i) repeated.append(*text);
        return runtime.heap.text(std::move(repeated));
    }
    std::vector<Value> items;
    if (!list->items.empty()) {
        items.reserve(n * list->items.size());
        for (uint64_t i = 0; i < n; ++i) {
            items.insert(items.end(), list->items.begin(), list->items.end());
        }
    }
    return runtime.heap.list(std::move(items), list->kind);
}

bool is_sequence(const Value& value) {
    return as_text(value) != nullptr ||
           (as_list(value) != nullptr && as_list(value)->kind != List::Kind::generator);
}

}  // namespace

Result<Value> calculate(Runtime& runtime, Op op, const Value& left, const Value& right) {
    const auto a = as_number(left);
    const auto b = as_number(right);
    if (a && b) {
        return a->integral && b->integral ? on_integers(op, a->integer, b->integer)
                                          : on_reals(op, a->real, b->real);
    }
    for (const Value* side : {&left, &right}) {
        if (const auto* undefined = std::get_if<Undefined>(side)) {
            return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
        }
    }
    if (op == Op::add && is_sequence(left)) return concatenate(runtime, left, right);
    if (op == Op::multiply) {
        if (is_sequence(left) && b && b->integral) return repeat(runtime, left, b->integer);
        if (is_sequence(right) && a && a->integral) return repeat(runtime, right, a->integer);
    }
    return make_error(ErrorCode::bad_file, "unsupported operand type(s) for {}: '{}' and '{}'",
                      symbol(op), type_name(left), type_name(right));
}

Result<Value> negate(const Value& value) {
    const auto number = as_number(value);
    if (!number) {
        if (const auto* undefined = std::get_if<Undefined>(&value)) {
            return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
        }
        return make_error(ErrorCode::bad_file, "bad operand type for unary -: '{}'",
                          type_name(value));
    }
    if (!number->integral) return -number->real;
    return on_integers(Op::subtract, 0, number->integer);
}

}  // namespace hearth::jinja
