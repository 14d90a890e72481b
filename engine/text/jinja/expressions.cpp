#include "engine/text/jinja/evaluator.h"
#include "engine/text/jinja/operators.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

Result<Value> Evaluator::evaluate(const ast::Expression& expression) {
    const Nesting nesting(runtime_.budget);
    HEARTH_TRY_VOID(step(expression.at));
    return std::visit([&](const auto& node) { return evaluate(node, expression.at); },
                      expression.node);
}

Result<Value> Evaluator::evaluate_or_none(const ast::Box& expression) {
    if (expression == nullptr) return None{};
    return evaluate(*expression);
}

Result<Value> Evaluator::evaluate(const ast::Literal& node, Position) {
    return node.value;
}

Result<Value> Evaluator::evaluate(const ast::Name& node, Position) {
    if (const Value* found = scope_->find(node.id)) return *found;
    return Undefined{source_.names[static_cast<size_t>(node.id)], Undefined::What::variable};
}

Result<Value> Evaluator::evaluate(const ast::ListDisplay& node, Position) {
    std::vector<Value> items;
    items.reserve(node.items.size());
    for (const ast::Expression& item : node.items) {
        HEARTH_TRY(const Value value, evaluate(item));
        items.push_back(value);
    }
    return runtime_.heap.list(std::move(items), node.kind);
}

Result<Value> Evaluator::evaluate(const ast::DictDisplay& node, Position at) {
    Dict* dict = runtime_.heap.dict();
    for (const auto& [key_node, value_node] : node.entries) {
        HEARTH_TRY(const Value key, evaluate(key_node));
        HEARTH_TRY(const Value value, evaluate(value_node));
        HEARTH_TRY_VOID(located(at, assign(runtime_.budget, *dict, key, value)));
    }
    return dict;
}

Result<Value> Evaluator::evaluate(const ast::Attribute& node, Position at) {
    HEARTH_TRY(const Value object, evaluate(*node.object));
    return located(at, get_attribute(runtime_, object, *node.name));
}

Result<Value> Evaluator::evaluate(const ast::Item& node, Position at) {
    HEARTH_TRY(const Value object, evaluate(*node.object));
    HEARTH_TRY(const Value key, evaluate(*node.key));
    return located(at, get_item(runtime_, object, key));
}

Result<Value> Evaluator::evaluate(const ast::Slice& node, Position at) {
    HEARTH_TRY(const Value object, evaluate(*node.object));
    HEARTH_TRY(const Value start, evaluate_or_none(node.start));
    HEARTH_TRY(const Value stop, evaluate_or_none(node.stop));
    HEARTH_TRY(const Value by, evaluate_or_none(node.step));
    return located(at, get_slice(runtime_, object, start, stop, by));
}

Result<Arguments> Evaluator::evaluate_arguments(const ast::CallArguments& arguments) {
    Arguments result;
    result.positional.reserve(arguments.positional.size());
    for (const ast::Expression& argument : arguments.positional) {
        HEARTH_TRY(const Value value, evaluate(argument));
        result.positional.push_back(value);
    }
    for (const auto& [name, argument] : arguments.named) {
        HEARTH_TRY(const Value value, evaluate(argument));
        result.named.emplace_back(name, value);
    }
    return result;
}

Result<Value> Evaluator::evaluate(const ast::Call& node, Position at) {
    HEARTH_TRY(const Value callee, evaluate(*node.callee));
    HEARTH_TRY(const Arguments arguments, evaluate_arguments(node.arguments));
    return call(callee, arguments, at);
}

Result<Value> Evaluator::evaluate(const ast::FilterCall& node, Position at) {
    Value input = filter_input_;
    if (node.input != nullptr) {
        HEARTH_TRY(input, evaluate(*node.input));
    }
    if (node.filter == nullptr) {
        return error_at(at, fmt::format("No filter named '{}'", node.name));
    }
    HEARTH_TRY(const Arguments arguments, evaluate_arguments(node.arguments));
    return located(at, node.filter(runtime_, input, arguments));
}

Result<Value> Evaluator::evaluate(const ast::TestCall& node, Position at) {
    HEARTH_TRY(const Value input, evaluate(*node.input));
    if (node.test == nullptr) return error_at(at, fmt::format("No test named '{}'", node.name));
    HEARTH_TRY(const Arguments arguments, evaluate_arguments(node.arguments));
    HEARTH_TRY(const bool passes, located(at, node.test(runtime_, input, arguments)));
    return passes;
}

Result<Value> Evaluator::evaluate(const ast::Not& node, Position) {
    HEARTH_TRY(const Value operand, evaluate(*node.operand));
    return !truth(operand);
}

Result<Value> Evaluator::evaluate(const ast::Sign& node, Position at) {
    HEARTH_TRY(const Value operand, evaluate(*node.operand));
    HEARTH_TRY(const Value negated, located(at, negate(operand)));
    return node.negative ? negated : operand;
}

Result<Value> Evaluator::evaluate(const ast::Arithmetic& node, Position at) {
    HEARTH_TRY(const Value left, evaluate(*node.left));
    HEARTH_TRY(const Value right, evaluate(*node.right));
    return located(at, calculate(runtime_, node.op, left, right));
}

Result<Value> Evaluator::evaluate(const ast::Logic& node, Position) {
    HEARTH_TRY(Value left, evaluate(*node.left));
    if (truth(left) != node.is_and) return left;
    return evaluate(*node.right);
}

Result<bool> Evaluator::holds(ast::Comparison::Op op, const Value& left, const Value& right) {
    using Op = ast::Comparison::Op;
    Budget& budget = runtime_.budget;
    switch (op) {
        case Op::equal:
            return equals(budget, left, right);
        case Op::unequal:
            return equals(budget, left, right).map([](bool same) { return !same; });
        case Op::in:
            return contains(budget, right, left);
        case Op::not_in:
            return contains(budget, right, left).map([](bool found) { return !found; });
        case Op::less:
            return compare(budget, left, right, "<").map([](int order) { return order < 0; });
        case Op::less_equal:
            return compare(budget, left, right, "<=").map([](int order) { return order <= 0; });
        case Op::greater:
            return compare(budget, left, right, ">").map([](int order) { return order > 0; });
        case Op::greater_equal:
            return compare(budget, left, right, ">=").map([](int order) { return order >= 0; });
    }
    return false;
}

Result<Value> Evaluator::evaluate(const ast::Comparison& node, Position at) {
    HEARTH_TRY(Value left, evaluate(*node.first));
    for (const auto& [op, expression] : node.rest) {
        HEARTH_TRY(const Value right, evaluate(expression));
        HEARTH_TRY(const bool holding, located(at, holds(op, left, right)));
        if (!holding) return false;
        left = right;
    }
    return true;
}

Result<Value> Evaluator::evaluate(const ast::Concatenation& node, Position) {
    Writer writer(runtime_.budget);
    for (const ast::Expression& part : node.parts) {
        HEARTH_TRY(const Value value, evaluate(part));
        writer.write_str(value);
    }
    return runtime_.heap.text(writer.take());
}

Result<Value> Evaluator::evaluate(const ast::Conditional& node, Position) {
    HEARTH_TRY(const Value test, evaluate(*node.test));
    if (truth(test)) return evaluate(*node.then);
    if (node.otherwise != nullptr) return evaluate(*node.otherwise);
    return runtime_.heap.undefined(
        "the inline if-expression evaluated to false and no else section was defined.");
}

}  // namespace hearth::jinja
