// Parser: recursive descent over the lexer's tokens, in jinja2's order of precedence.
//
// Private to parser.cpp (statements) and expression_parser.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/lexer.h"
#include "engine/text/jinja/limits.h"

namespace hearth::jinja {

class Parser {
  public:
    Parser(std::string_view source, const Limits& limits) : lexer_(source), limits_(limits) {}

    Result<ast::Template> parse();

  private:
    // One level of the tree being parsed, while it lives.
    class Level {
      public:
        explicit Level(Parser& parser) : parser_(parser) { ++parser_.nesting_; }
        ~Level() { --parser_.nesting_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

      private:
        Parser& parser_;
    };
    // What ends a block: the words of the closing tags.
    using EndWords = std::initializer_list<std::string_view>;

    // Tokens. Two are read ahead.
    Result<void> start();
    Result<void> advance();
    const Token& look() const { return tokens_[0]; }
    const Token& look_further() const { return tokens_[1]; }
    Result<bool> skip_op(std::string_view op);
    Result<bool> skip_name(std::string_view word);
    Result<void> expect_op(std::string_view op);
    Result<void> expect_name(std::string_view word);
    Result<void> expect(Token::Kind kind, std::string_view what);
    Result<std::string> expect_identifier();
    tl::unexpected<Error> unexpected() const;
    // Counts a node; an error past the limits on nodes and depth.
    Result<void> count_node(Position at);

    // Statements (parser.cpp). A block ends before one of `ends`, whose word is the current token.
    Result<ast::Block> parse_block(EndWords ends);
    Result<ast::Block> parse_body(EndWords ends);  // after a tag's head
    Result<ast::Block> parse_last_body(std::string_view end);
    Result<void> parse_statement(ast::Block& into);
    Result<ast::Statement::Node> parse_tag();
    Result<ast::Statement::Node> parse_if();
    Result<ast::Statement::Node> parse_for();
    Result<ast::Statement::Node> parse_set();
    Result<ast::Statement::Node> parse_macro();
    Result<ast::Statement::Node> parse_call_block();
    Result<ast::Statement::Node> parse_filter_block();
    Result<ast::Statement::Node> parse_with();
    Result<ast::Statement::Node> parse_generation();
    Result<ast::Statement::Node> parse_loop_control();
    Result<std::vector<ast::Parameter>> parse_parameters();
    Result<ast::Target> parse_target(bool namespaces);
    Result<ast::Target> parse_simple_target(bool namespaces);

    // Expressions (expression_parser.cpp).
    enum class Conditionals { allowed, refused };
    Result<ast::Expression> parse_tuple(Conditionals conditionals);
    Result<ast::Expression> parse_expression();
    Result<ast::Expression> parse_conditional();
    Result<ast::Expression> parse_or();
    Result<ast::Expression> parse_and();
    Result<ast::Expression> parse_not();
    Result<ast::Expression> parse_comparison();
    Result<std::optional<ast::Comparison::Op>> parse_comparison_operator();
    Result<ast::Expression> parse_sum();
    Result<ast::Expression> parse_concatenation();
    Result<ast::Expression> parse_product();
    Result<ast::Expression> parse_power();
    enum class Filters { allowed, refused };
    Result<ast::Expression> parse_unary(Filters filters);
    Result<ast::Expression> parse_primary();
    Result<ast::Expression> parse_name();
    Result<ast::Expression> parse_text();
    Result<ast::Expression> parse_parenthesis();
    Result<ast::Expression> parse_list();
    Result<ast::Expression> parse_dict();
    Result<ast::Expression> parse_postfix(ast::Expression object);
    Result<ast::Expression> parse_attribute(ast::Expression object);
    Result<ast::Expression> parse_item(ast::Expression object);
    Result<ast::Expression> parse_filters_and_tests(ast::Expression input);
    Result<ast::Expression> parse_filter(ast::Box input);
    Result<ast::Expression> parse_test(ast::Expression input);
    Result<ast::CallArguments> parse_test_arguments();
    Result<ast::CallArguments> parse_arguments();
    Result<ast::Box> parse_slice_part();

    // Makes a node from its parts. A chain ("a + b + c") nests to the left without recursion in the
    // parser, so the depth of the tree is counted here.
    Result<ast::Expression> make(Position at, ast::Expression::Node node);
    static ast::Box box(ast::Expression expression);

    ast::NameId intern(const std::string& name);
    const MarkedText* keep(std::string text);

    Lexer lexer_;
    const Limits& limits_;
    Token tokens_[2];
    size_t nesting_ = 0;
    size_t nodes_ = 0;
    size_t loops_ = 0;  // open for loops, for break and continue
    ast::Template template_;
    std::unordered_map<std::string, ast::NameId> name_ids_;
};

}  // namespace hearth::jinja
