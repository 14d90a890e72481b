#include <algorithm>

#include "engine/text/jinja/parser_state.h"

namespace hearth::jinja {

using ast::Expression;

namespace {

// The depth of a node's deepest part; 0 when it has none.
struct DepthOfParts {
    static uint32_t of(const ast::Box& part) { return part == nullptr ? 0 : part->depth; }
    static uint32_t of(const std::vector<Expression>& parts) {
        uint32_t depth = 0;
        for (const Expression& part : parts) depth = std::max(depth, part.depth);
        return depth;
    }
    static uint32_t of(const ast::CallArguments& arguments) {
        uint32_t depth = of(arguments.positional);
        for (const auto& argument : arguments.named) depth = std::max(depth, argument.value.depth);
        return depth;
    }

    uint32_t operator()(const ast::Literal&) const { return 0; }
    uint32_t operator()(const ast::Name&) const { return 0; }
    uint32_t operator()(const ast::ListDisplay& node) const { return of(node.items); }
    uint32_t operator()(const ast::DictDisplay& node) const {
        uint32_t depth = 0;
        for (const auto& [key, value] : node.entries) {
            depth = std::max({depth, key.depth, value.depth});
        }
        return depth;
    }
    uint32_t operator()(const ast::Attribute& node) const { return of(node.object); }
    uint32_t operator()(const ast::Item& node) const {
        return std::max(of(node.object), of(node.key));
    }
    uint32_t operator()(const ast::Slice& node) const {
        return std::max({of(node.object), of(node.start), of(node.stop), of(node.step)});
    }
    uint32_t operator()(const ast::Call& node) const {
        return std::max(of(node.callee), of(node.arguments));
    }
    uint32_t operator()(const ast::FilterCall& node) const {
        return std::max(of(node.input), of(node.arguments));
    }
    uint32_t operator()(const ast::TestCall& node) const {
        return std::max(of(node.input), of(node.arguments));
    }
    uint32_t operator()(const ast::Not& node) const { return of(node.operand); }
    uint32_t operator()(const ast::Sign& node) const { return of(node.operand); }
    uint32_t operator()(const ast::Arithmetic& node) const {
        return std::max(of(node.left), of(node.right));
    }
    uint32_t operator()(const ast::Logic& node) const {
        return std::max(of(node.left), of(node.right));
    }
    uint32_t operator()(const ast::Comparison& node) const {
        uint32_t depth = of(node.first);
        for (const auto& link : node.rest) depth = std::max(depth, link.right.depth);
        return depth;
    }
    uint32_t operator()(const ast::Concatenation& node) const { return of(node.parts); }
    uint32_t operator()(const ast::Conditional& node) const {
        return std::max({of(node.test), of(node.then), of(node.otherwise)});
    }
};

}  // namespace

ast::Box Parser::box(Expression expression) {
    return std::make_unique<Expression>(std::move(expression));
}

Result<Expression> Parser::make(Position at, Expression::Node node) {
    HEARTH_TRY_VOID(count_node(at));
    const uint32_t depth = 1 + std::visit(DepthOfParts{}, node);
    if (depth > limits_.nesting) {
        return error_at(at, fmt::format("nested more than {} deep", limits_.nesting));
    }
    return Expression{at, depth, std::move(node)};
}

// One expression, or several with commas between them.
Result<Expression> Parser::parse_tuple(Conditionals conditionals) {
    const Position at = look().at;
    const auto parse_one = [&] {
        return conditionals == Conditionals::allowed ? parse_expression() : parse_or();
    };
    HEARTH_TRY(Expression first, parse_one());
    if (!look().is_op(",")) return first;
    ast::ListDisplay tuple{List::Kind::tuple, {}};
    tuple.items.push_back(std::move(first));
    while (look().is_op(",")) {
        HEARTH_TRY_VOID(advance());
        const Token::Kind kind = look().kind;
        if (kind == Token::Kind::variable_end || kind == Token::Kind::block_end ||
            look().is_op(")")) {
            break;
        }
        HEARTH_TRY(Expression item, parse_one());
        tuple.items.push_back(std::move(item));
    }
    return make(at, std::move(tuple));
}

Result<Expression> Parser::parse_expression() {
    return parse_conditional();
}

Result<Expression> Parser::parse_conditional() {
    const Level level(*this);
    const Position at = look().at;
    HEARTH_TRY(Expression then, parse_or());
    while (look().is_name("if")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression test, parse_or());
        ast::Conditional node{box(std::move(test)), box(std::move(then)), nullptr};
        HEARTH_TRY(const bool has_else, skip_name("else"));
        if (has_else) {
            HEARTH_TRY(Expression otherwise, parse_conditional());
            node.otherwise = box(std::move(otherwise));
        }
        HEARTH_TRY(then, make(at, std::move(node)));
    }
    return then;
}

Result<Expression> Parser::parse_or() {
    const Position at = look().at;
    HEARTH_TRY(Expression left, parse_and());
    while (look().is_name("or")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression right, parse_and());
        HEARTH_TRY(left, make(at, ast::Logic{false, box(std::move(left)), box(std::move(right))}));
    }
    return left;
}

Result<Expression> Parser::parse_and() {
    const Position at = look().at;
    HEARTH_TRY(Expression left, parse_not());
    while (look().is_name("and")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression right, parse_not());
        HEARTH_TRY(left, make(at, ast::Logic{true, box(std::move(left)), box(std::move(right))}));
    }
    return left;
}

Result<Expression> Parser::parse_not() {
    if (!look().is_name("not")) return parse_comparison();
    const Level level(*this);
    const Position at = look().at;
    HEARTH_TRY_VOID(count_node(at));
    HEARTH_TRY_VOID(advance());
    HEARTH_TRY(Expression operand, parse_not());
    return make(at, ast::Not{box(std::move(operand))});
}

Result<std::optional<ast::Comparison::Op>> Parser::parse_comparison_operator() {
    using Op = ast::Comparison::Op;
    static constexpr std::pair<std::string_view, Op> kOperators[] = {
        {"==", Op::equal},      {"!=", Op::unequal}, {"<", Op::less},
        {"<=", Op::less_equal}, {">", Op::greater},  {">=", Op::greater_equal}};
    for (const auto& [word, op] : kOperators) {
        HEARTH_TRY(const bool found, skip_op(word));
        if (found) return op;
    }
    HEARTH_TRY(const bool in, skip_name("in"));
    if (in) return Op::in;
    if (look().is_name("not") && look_further().is_name("in")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY_VOID(advance());
        return Op::not_in;
    }
    return std::nullopt;
}

Result<Expression> Parser::parse_comparison() {
    const Position at = look().at;
    HEARTH_TRY(Expression first, parse_sum());
    ast::Comparison comparison;
    while (true) {
        HEARTH_TRY(const auto op, parse_comparison_operator());
        if (!op) break;
        HEARTH_TRY(Expression right, parse_sum());
        comparison.rest.push_back({*op, std::move(right)});
    }
    if (comparison.rest.empty()) return first;
    comparison.first = box(std::move(first));
    return make(at, std::move(comparison));
}

Result<Expression> Parser::parse_sum() {
    using Op = ast::Arithmetic::Op;
    const Position at = look().at;
    HEARTH_TRY(Expression left, parse_concatenation());
    while (look().is_op("+") || look().is_op("-")) {
        const Op op = look().is_op("+") ? Op::add : Op::subtract;
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression right, parse_concatenation());
        HEARTH_TRY(left,
                   make(at, ast::Arithmetic{op, box(std::move(left)), box(std::move(right))}));
    }
    return left;
}

Result<Expression> Parser::parse_concatenation() {
    const Position at = look().at;
    HEARTH_TRY(Expression first, parse_product());
    if (!look().is_op("~")) return first;
    ast::Concatenation concatenation;
    concatenation.parts.push_back(std::move(first));
    while (look().is_op("~")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression part, parse_product());
        concatenation.parts.push_back(std::move(part));
    }
    return make(at, std::move(concatenation));
}

Result<Expression> Parser::parse_product() {
    using Op = ast::Arithmetic::Op;
    static constexpr std::pair<std::string_view, Op> kOperators[] = {
        {"*", Op::multiply}, {"/", Op::divide}, {"//", Op::floor_divide}, {"%", Op::modulo}};
    const Position at = look().at;
    HEARTH_TRY(Expression left, parse_power());
    while (true) {
        const auto* op =
            std::find_if(std::begin(kOperators), std::end(kOperators),
                         [this](const auto& entry) { return look().is_op(entry.first); });
        if (op == std::end(kOperators)) return left;
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression right, parse_power());
        HEARTH_TRY(left, make(at, ast::Arithmetic{op->second, box(std::move(left)),
                                                  box(std::move(right))}));
    }
}

Result<Expression> Parser::parse_power() {
    const Position at = look().at;
    HEARTH_TRY(Expression left, parse_unary(Filters::allowed));
    while (look().is_op("**")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression right, parse_unary(Filters::allowed));
        HEARTH_TRY(left, make(at, ast::Arithmetic{ast::Arithmetic::Op::power, box(std::move(left)),
                                                  box(std::move(right))}));
    }
    return left;
}

Result<Expression> Parser::parse_unary(Filters filters) {
    const Level level(*this);
    const Position at = look().at;
    HEARTH_TRY_VOID(count_node(at));
    Expression result;
    if (look().is_op("-") || look().is_op("+")) {
        const bool negative = look().is_op("-");
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(Expression operand, parse_unary(Filters::refused));
        HEARTH_TRY(result, make(at, ast::Sign{negative, box(std::move(operand))}));
    } else {
        HEARTH_TRY(result, parse_primary());
    }
    HEARTH_TRY(result, parse_postfix(std::move(result)));
    if (filters == Filters::refused) return result;
    return parse_filters_and_tests(std::move(result));
}

Result<Expression> Parser::parse_primary() {
    const Token& token = look();
    const Position at = token.at;
    switch (token.kind) {
        case Token::Kind::name:
            return parse_name();
        case Token::Kind::string:
            return parse_text();
        case Token::Kind::integer:
        case Token::Kind::real: {
            Value value = token.integer;
            if (token.kind == Token::Kind::real) value = token.real;
            HEARTH_TRY_VOID(advance());
            return make(at, ast::Literal{value});
        }
        default:
            break;
    }
    if (token.is_op("(")) return parse_parenthesis();
    if (token.is_op("[")) return parse_list();
    if (token.is_op("{")) return parse_dict();
    return unexpected();
}

Result<Expression> Parser::parse_name() {
    const Position at = look().at;
    HEARTH_TRY(const std::string word, expect_identifier());
    if (word == "true" || word == "True") return make(at, ast::Literal{true});
    if (word == "false" || word == "False") return make(at, ast::Literal{false});
    if (word == "none" || word == "None") return make(at, ast::Literal{None{}});
    return make(at, ast::Name{intern(word)});
}

// Adjacent strings are one.
Result<Expression> Parser::parse_text() {
    const Position at = look().at;
    std::string text;
    while (look().kind == Token::Kind::string) {
        text += look().text;
        HEARTH_TRY_VOID(advance());
    }
    return make(at, ast::Literal{keep(std::move(text))});
}

Result<Expression> Parser::parse_parenthesis() {
    const Position at = look().at;
    HEARTH_TRY_VOID(advance());
    HEARTH_TRY(const bool empty, skip_op(")"));
    if (empty) return make(at, ast::ListDisplay{List::Kind::tuple, {}});
    HEARTH_TRY(Expression inner, parse_tuple(Conditionals::allowed));
    HEARTH_TRY_VOID(expect_op(")"));
    return inner;
}

Result<Expression> Parser::parse_list() {
    const Position at = look().at;
    HEARTH_TRY_VOID(advance());
    ast::ListDisplay list{List::Kind::list, {}};
    while (!look().is_op("]")) {
        if (!list.items.empty()) HEARTH_TRY_VOID(expect_op(","));
        if (look().is_op("]")) break;
        HEARTH_TRY(Expression item, parse_expression());
        list.items.push_back(std::move(item));
    }
    HEARTH_TRY_VOID(advance());
    return make(at, std::move(list));
}

Result<Expression> Parser::parse_dict() {
    const Position at = look().at;
    HEARTH_TRY_VOID(advance());
    ast::DictDisplay dict;
    while (!look().is_op("}")) {
        if (!dict.entries.empty()) HEARTH_TRY_VOID(expect_op(","));
        if (look().is_op("}")) break;
        HEARTH_TRY(Expression key, parse_expression());
        HEARTH_TRY_VOID(expect_op(":"));
        HEARTH_TRY(Expression value, parse_expression());
        dict.entries.push_back({std::move(key), std::move(value)});
    }
    HEARTH_TRY_VOID(advance());
    return make(at, std::move(dict));
}

Result<Expression> Parser::parse_postfix(Expression object) {
    while (true) {
        const Position at = look().at;
        if (look().is_op(".")) {
            HEARTH_TRY(object, parse_attribute(std::move(object)));
        } else if (look().is_op("[")) {
            HEARTH_TRY(object, parse_item(std::move(object)));
        } else if (look().is_op("(")) {
            HEARTH_TRY(ast::CallArguments arguments, parse_arguments());
            HEARTH_TRY(object, make(at, ast::Call{box(std::move(object)), std::move(arguments)}));
        } else {
            return object;
        }
    }
}

Result<Expression> Parser::parse_attribute(Expression object) {
    const Position at = look().at;
    HEARTH_TRY_VOID(advance());
    if (look().kind == Token::Kind::integer) {
        HEARTH_TRY(Expression key, make(look().at, ast::Literal{look().integer}));
        HEARTH_TRY_VOID(advance());
        return make(at, ast::Item{box(std::move(object)), box(std::move(key))});
    }
    HEARTH_TRY(std::string name, expect_identifier());
    ast::Attribute attribute{box(std::move(object)), keep(std::move(name))};
    return make(at, std::move(attribute));
}

Result<ast::Box> Parser::parse_slice_part() {
    if (look().is_op(":") || look().is_op("]")) return nullptr;
    HEARTH_TRY(Expression part, parse_expression());
    return box(std::move(part));
}

Result<Expression> Parser::parse_item(Expression object) {
    const Position at = look().at;
    HEARTH_TRY_VOID(advance());
    HEARTH_TRY(ast::Box first, parse_slice_part());
    if (!look().is_op(":")) {
        if (first == nullptr) return unexpected();
        HEARTH_TRY_VOID(expect_op("]"));
        return make(at, ast::Item{box(std::move(object)), std::move(first)});
    }
    HEARTH_TRY_VOID(advance());
    ast::Slice slice{box(std::move(object)), std::move(first), nullptr, nullptr};
    HEARTH_TRY(slice.stop, parse_slice_part());
    HEARTH_TRY(const bool has_step, skip_op(":"));
    if (has_step) {
        HEARTH_TRY(slice.step, parse_slice_part());
    }
    HEARTH_TRY_VOID(expect_op("]"));
    return make(at, std::move(slice));
}

Result<Expression> Parser::parse_filters_and_tests(Expression input) {
    while (true) {
        const Position at = look().at;
        if (look().is_op("|")) {
            HEARTH_TRY_VOID(advance());
            HEARTH_TRY(input, parse_filter(box(std::move(input))));
        } else if (look().is_name("is")) {
            HEARTH_TRY_VOID(advance());
            HEARTH_TRY(input, parse_test(std::move(input)));
        } else if (look().is_op("(")) {
            HEARTH_TRY(ast::CallArguments arguments, parse_arguments());
            HEARTH_TRY(input, make(at, ast::Call{box(std::move(input)), std::move(arguments)}));
        } else {
            return input;
        }
    }
}

// After the "|". A null input starts the chain of a block, which this parses to its end.
Result<Expression> Parser::parse_filter(ast::Box input) {
    const bool whole_chain = input == nullptr;
    while (true) {
        const Position at = look().at;
        HEARTH_TRY(std::string name, expect_identifier());
        ast::FilterCall call{std::move(input), name, find_filter(name), {}};
        if (look().is_op("(")) {
            HEARTH_TRY(call.arguments, parse_arguments());
        }
        HEARTH_TRY(Expression result, make(at, std::move(call)));
        if (!whole_chain || !look().is_op("|")) return result;
        HEARTH_TRY_VOID(advance());
        input = box(std::move(result));
    }
}

Result<ast::CallArguments> Parser::parse_test_arguments() {
    if (look().is_op("(")) return parse_arguments();
    const Token::Kind kind = look().kind;
    const bool begins_value = kind == Token::Kind::string || kind == Token::Kind::integer ||
                              kind == Token::Kind::real || kind == Token::Kind::name ||
                              look().is_op("[") || look().is_op("{");
    static constexpr std::string_view kNotValues[] = {"else", "or", "and", "is", "in", "if", "not"};
    const bool word_follows =
        kind == Token::Kind::name && std::find(std::begin(kNotValues), std::end(kNotValues),
                                               look().text) != std::end(kNotValues);
    ast::CallArguments arguments;
    if (!begins_value || word_follows) return arguments;
    HEARTH_TRY(Expression value, parse_primary());
    HEARTH_TRY(value, parse_postfix(std::move(value)));
    arguments.positional.push_back(std::move(value));
    return arguments;
}

// After the "is".
Result<Expression> Parser::parse_test(Expression input) {
    const Position at = look().at;
    HEARTH_TRY(const bool negated, skip_name("not"));
    HEARTH_TRY(std::string name, expect_identifier());
    HEARTH_TRY(ast::CallArguments arguments, parse_test_arguments());
    if (look().is_name("is")) return error_at(look().at, "You cannot chain multiple tests with is");
    const Test test = find_test(name);
    HEARTH_TRY(Expression result, make(at, ast::TestCall{box(std::move(input)), std::move(name),
                                                         test, std::move(arguments)}));
    if (!negated) return result;
    return make(at, ast::Not{box(std::move(result))});
}

Result<ast::CallArguments> Parser::parse_arguments() {
    ast::CallArguments arguments;
    HEARTH_TRY_VOID(expect_op("("));
    for (bool first = true; !look().is_op(")"); first = false) {
        if (!first) HEARTH_TRY_VOID(expect_op(","));
        if (look().is_op(")")) break;
        if (look().kind == Token::Kind::name && look_further().is_op("=")) {
            std::string name = look().text;
            HEARTH_TRY_VOID(advance());
            HEARTH_TRY_VOID(advance());
            HEARTH_TRY(Expression value, parse_expression());
            arguments.named.push_back({std::move(name), std::move(value)});
            continue;
        }
        if (!arguments.named.empty()) {
            return error_at(look().at, "invalid syntax for function call expression");
        }
        HEARTH_TRY(Expression value, parse_expression());
        arguments.positional.push_back(std::move(value));
    }
    HEARTH_TRY_VOID(advance());
    return arguments;
}

}  // namespace hearth::jinja
