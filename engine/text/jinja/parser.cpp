#include "engine/text/jinja/parser.h"

#include <algorithm>

#include "engine/base/utf8.h"
#include "engine/text/jinja/parser_state.h"

namespace hearth::jinja {

namespace {

std::string describe(const Token& token) {
    switch (token.kind) {
        case Token::Kind::data:
            return "text";
        case Token::Kind::variable_begin:
            return "'{{'";
        case Token::Kind::variable_end:
            return "'}}'";
        case Token::Kind::block_begin:
            return "'{%'";
        case Token::Kind::block_end:
            return "'%}'";
        case Token::Kind::string:
            return "a string";
        case Token::Kind::integer:
        case Token::Kind::real:
            return "a number";
        case Token::Kind::end:
            return "the end of the template";
        case Token::Kind::name:
        case Token::Kind::op:
            break;
    }
    return fmt::format("'{}'", token.text);
}

}  // namespace

Result<ast::Template> parse_template(std::string_view source, const Limits& limits) {
    if (source.size() > limits.source_bytes) {
        return make_error(ErrorCode::bad_file, "template of {} bytes, more than {} at line 1",
                          source.size(), limits.source_bytes);
    }
    return Parser(to_valid_utf8(source), limits).parse();
}

Result<ast::Template> Parser::parse() {
    HEARTH_TRY_VOID(start());
    HEARTH_TRY(template_.body, parse_block({}));
    return std::move(template_);
}

Result<void> Parser::start() {
    HEARTH_TRY(tokens_[0], lexer_.next());
    HEARTH_TRY(tokens_[1], lexer_.next());
    return {};
}

Result<void> Parser::advance() {
    tokens_[0] = std::move(tokens_[1]);
    HEARTH_TRY(tokens_[1], lexer_.next());
    return {};
}

tl::unexpected<Error> Parser::unexpected() const {
    return error_at(look().at, fmt::format("unexpected {}", describe(look())));
}

Result<bool> Parser::skip_op(std::string_view op) {
    if (!look().is_op(op)) return false;
    HEARTH_TRY_VOID(advance());
    return true;
}

Result<bool> Parser::skip_name(std::string_view word) {
    if (!look().is_name(word)) return false;
    HEARTH_TRY_VOID(advance());
    return true;
}

Result<void> Parser::expect_op(std::string_view op) {
    if (look().is_op(op)) return advance();
    return error_at(look().at, fmt::format("expected '{}', got {}", op, describe(look())));
}

Result<void> Parser::expect_name(std::string_view word) {
    if (look().is_name(word)) return advance();
    return error_at(look().at, fmt::format("expected '{}', got {}", word, describe(look())));
}

Result<void> Parser::expect(Token::Kind kind, std::string_view what) {
    if (look().kind == kind) return advance();
    return error_at(look().at, fmt::format("expected {}, got {}", what, describe(look())));
}

Result<std::string> Parser::expect_identifier() {
    std::string name = look().text;
    HEARTH_TRY_VOID(expect(Token::Kind::name, "a name"));
    return name;
}

Result<void> Parser::count_node(Position at) {
    if (++nodes_ > limits_.nodes) {
        return error_at(at, fmt::format("more than {} nodes", limits_.nodes));
    }
    if (nesting_ > limits_.nesting) {
        return error_at(at, fmt::format("nested more than {} deep", limits_.nesting));
    }
    return {};
}

ast::NameId Parser::intern(const std::string& name) {
    const auto [entry, added] =
        name_ids_.try_emplace(name, static_cast<ast::NameId>(template_.names.size()));
    if (added) template_.names.push_back(keep(name));
    return entry->second;
}

const MarkedText* Parser::keep(std::string text) {
    return &template_.texts.emplace_back(std::move(text), Origin::markup);
}

Result<ast::Block> Parser::parse_block(EndWords ends) {
    const Level level(*this);
    ast::Block block;
    while (look().kind != Token::Kind::end) {
        HEARTH_TRY_VOID(count_node(look().at));
        if (look().kind == Token::Kind::block_begin) {
            const Token& word = look_further();
            if (word.kind == Token::Kind::name &&
                std::find(ends.begin(), ends.end(), word.text) != ends.end()) {
                HEARTH_TRY_VOID(advance());
                return block;
            }
        }
        HEARTH_TRY_VOID(parse_statement(block));
    }
    if (ends.size() == 0) return block;
    return error_at(look().at, fmt::format("unexpected end of the template, '{}' is missing",
                                           *(ends.end() - 1)));
}

Result<ast::Block> Parser::parse_body(EndWords ends) {
    HEARTH_TRY_VOID(skip_op(":"));
    HEARTH_TRY_VOID(expect(Token::Kind::block_end, "'%}'"));
    return parse_block(ends);
}

Result<ast::Block> Parser::parse_last_body(std::string_view end) {
    HEARTH_TRY(ast::Block body, parse_body({end}));
    HEARTH_TRY_VOID(advance());
    return body;
}

Result<void> Parser::parse_statement(ast::Block& into) {
    const Position at = look().at;
    if (look().kind == Token::Kind::data) {
        if (!look().text.empty()) into.push_back({at, ast::Data{keep(look().text)}});
        return advance();
    }
    if (look().kind == Token::Kind::variable_begin) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(ast::Expression value, parse_tuple(Conditionals::allowed));
        into.push_back({at, ast::Output{std::move(value)}});
        return expect(Token::Kind::variable_end, "'}}'");
    }
    HEARTH_TRY_VOID(expect(Token::Kind::block_begin, "'{%'"));
    HEARTH_TRY(ast::Statement::Node node, parse_tag());
    into.push_back({at, std::move(node)});
    return expect(Token::Kind::block_end, "'%}'");
}

Result<ast::Statement::Node> Parser::parse_tag() {
    using Parse = Result<ast::Statement::Node> (Parser::*)();
    static constexpr std::pair<std::string_view, Parse> kTags[] = {
        {"if", &Parser::parse_if},
        {"for", &Parser::parse_for},
        {"set", &Parser::parse_set},
        {"macro", &Parser::parse_macro},
        {"call", &Parser::parse_call_block},
        {"filter", &Parser::parse_filter_block},
        {"with", &Parser::parse_with},
        {"generation", &Parser::parse_generation},
        {"break", &Parser::parse_loop_control},
        {"continue", &Parser::parse_loop_control},
    };
    if (look().kind != Token::Kind::name) return error_at(look().at, "tag name expected");
    for (const auto& [word, parse] : kTags) {
        if (look().text == word) return (this->*parse)();
    }
    return error_at(look().at, fmt::format("Encountered unknown tag '{}'", look().text));
}

Result<ast::Statement::Node> Parser::parse_if() {
    ast::If result;
    while (true) {
        HEARTH_TRY_VOID(advance());  // if, elif
        HEARTH_TRY(ast::Expression test, parse_tuple(Conditionals::refused));
        HEARTH_TRY(ast::Block body, parse_body({"elif", "else", "endif"}));
        result.branches.push_back({std::move(test), std::move(body)});
        if (!look().is_name("elif")) break;
    }
    HEARTH_TRY(const bool has_else, skip_name("else"));
    if (has_else) {
        HEARTH_TRY(result.otherwise, parse_last_body("endif"));
    } else {
        HEARTH_TRY_VOID(expect_name("endif"));
    }
    return result;
}

Result<ast::Statement::Node> Parser::parse_for() {
    ast::For result;
    HEARTH_TRY_VOID(advance());
    HEARTH_TRY(result.target, parse_target(/*namespaces=*/false));
    HEARTH_TRY_VOID(expect_name("in"));
    HEARTH_TRY(result.iterable, parse_tuple(Conditionals::refused));
    HEARTH_TRY(const bool filtered, skip_name("if"));
    if (filtered) {
        HEARTH_TRY(result.filter, parse_expression());
    }
    HEARTH_TRY(result.recursive, skip_name("recursive"));
    ++loops_;
    HEARTH_TRY(result.body, parse_body({"endfor", "else"}));
    --loops_;
    HEARTH_TRY(const bool has_else, skip_name("else"));
    if (has_else) {
        HEARTH_TRY(result.otherwise, parse_last_body("endfor"));
    } else {
        HEARTH_TRY_VOID(expect_name("endfor"));
    }
    return result;
}

Result<ast::Statement::Node> Parser::parse_set() {
    HEARTH_TRY_VOID(advance());
    HEARTH_TRY(ast::Target target, parse_target(/*namespaces=*/true));
    HEARTH_TRY(const bool assigns, skip_op("="));
    if (assigns) {
        HEARTH_TRY(ast::Expression value, parse_tuple(Conditionals::allowed));
        return ast::Set{std::move(target), std::move(value)};
    }
    ast::SetBlock result{std::move(target), std::nullopt, {}};
    if (look().is_op("|")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(result.filter, parse_filter(nullptr));
    }
    HEARTH_TRY(result.body, parse_last_body("endset"));
    return result;
}

Result<std::vector<ast::Parameter>> Parser::parse_parameters() {
    std::vector<ast::Parameter> parameters;
    HEARTH_TRY_VOID(expect_op("("));
    while (!look().is_op(")")) {
        if (!parameters.empty()) HEARTH_TRY_VOID(expect_op(","));
        const Position at = look().at;
        HEARTH_TRY_VOID(count_node(at));
        HEARTH_TRY(std::string word, expect_identifier());
        ast::Parameter parameter{intern(word), word, std::nullopt};
        HEARTH_TRY(const bool has_fallback, skip_op("="));
        if (has_fallback) {
            HEARTH_TRY(parameter.fallback, parse_expression());
        } else if (!parameters.empty() && parameters.back().fallback) {
            return error_at(at, "non-default argument follows default argument");
        }
        parameters.push_back(std::move(parameter));
    }
    HEARTH_TRY_VOID(advance());
    return parameters;
}

Result<ast::Statement::Node> Parser::parse_macro() {
    ast::MacroDefinition macro;
    HEARTH_TRY_VOID(advance());
    HEARTH_TRY(macro.word, expect_identifier());
    macro.name = intern(macro.word);
    HEARTH_TRY(macro.parameters, parse_parameters());
    const size_t loops = std::exchange(loops_, 0);
    HEARTH_TRY(macro.body, parse_last_body("endmacro"));
    loops_ = loops;
    return macro;
}

Result<ast::Statement::Node> Parser::parse_call_block() {
    const Position at = look().at;
    HEARTH_TRY_VOID(advance());
    ast::MacroDefinition caller;
    caller.word = "caller";
    caller.name = intern(caller.word);
    if (look().is_op("(")) {
        HEARTH_TRY(caller.parameters, parse_parameters());
    }
    HEARTH_TRY(ast::Expression call, parse_expression());
    if (!std::holds_alternative<ast::Call>(call.node)) return error_at(at, "expected call");
    const size_t loops = std::exchange(loops_, 0);
    HEARTH_TRY(caller.body, parse_last_body("endcall"));
    loops_ = loops;
    return ast::CallBlock{std::move(call), std::move(caller)};
}

Result<ast::Statement::Node> Parser::parse_filter_block() {
    HEARTH_TRY_VOID(advance());
    HEARTH_TRY(ast::Expression filter, parse_filter(nullptr));
    HEARTH_TRY(ast::Block body, parse_last_body("endfilter"));
    return ast::FilterBlock{std::move(filter), std::move(body)};
}

Result<ast::Statement::Node> Parser::parse_with() {
    ast::With result;
    HEARTH_TRY_VOID(advance());
    while (look().kind != Token::Kind::block_end) {
        if (!result.assignments.empty()) HEARTH_TRY_VOID(expect_op(","));
        HEARTH_TRY(ast::Target target, parse_simple_target(/*namespaces=*/false));
        HEARTH_TRY_VOID(expect_op("="));
        HEARTH_TRY(ast::Expression value, parse_expression());
        result.assignments.emplace_back(std::move(target), std::move(value));
    }
    HEARTH_TRY(result.body, parse_last_body("endwith"));
    return result;
}

// transformers marks what the assistant says with this tag; for rendering it is only a scope.
Result<ast::Statement::Node> Parser::parse_generation() {
    HEARTH_TRY_VOID(advance());
    ast::With result;
    HEARTH_TRY(result.body, parse_last_body("endgeneration"));
    return result;
}

Result<ast::Statement::Node> Parser::parse_loop_control() {
    if (loops_ == 0) return error_at(look().at, fmt::format("'{}' outside a loop", look().text));
    const bool breaks = look().is_name("break");
    HEARTH_TRY_VOID(advance());
    if (breaks) return ast::Break{};
    return ast::Continue{};
}

Result<ast::Target> Parser::parse_simple_target(bool namespaces) {
    const Level level(*this);
    HEARTH_TRY_VOID(count_node(look().at));
    HEARTH_TRY(const bool grouped, skip_op("("));
    if (grouped) {
        HEARTH_TRY(ast::Target target, parse_target(/*namespaces=*/false));
        HEARTH_TRY_VOID(expect_op(")"));
        return target;
    }
    static constexpr std::string_view kReserved[] = {"true", "false", "none",
                                                     "True", "False", "None"};
    const Position at = look().at;
    HEARTH_TRY(const std::string word, expect_identifier());
    if (std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved)) {
        return error_at(at, fmt::format("can't assign to '{}'", word));
    }
    ast::Target target;
    target.name = intern(word);
    if (namespaces && look().is_op(".")) {
        HEARTH_TRY_VOID(advance());
        HEARTH_TRY(std::string attribute, expect_identifier());
        target.attribute = keep(std::move(attribute));
    }
    return target;
}

Result<ast::Target> Parser::parse_target(bool namespaces) {
    HEARTH_TRY(ast::Target first, parse_simple_target(namespaces));
    if (!look().is_op(",")) return first;
    ast::Target tuple;
    tuple.parts.push_back(std::move(first));
    while (look().is_op(",")) {
        HEARTH_TRY_VOID(advance());
        if (look().kind != Token::Kind::name && !look().is_op("(")) break;  // a trailing comma
        HEARTH_TRY(ast::Target part, parse_simple_target(/*namespaces=*/false));
        tuple.parts.push_back(std::move(part));
    }
    return tuple;
}

}  // namespace hearth::jinja
