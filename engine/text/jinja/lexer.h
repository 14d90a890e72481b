// Lexer: a template's source as tokens, with jinja2's trim_blocks and lstrip_blocks on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace hearth::jinja {

struct Position {
    uint32_t line = 1;    // from 1
    uint32_t column = 1;  // in bytes, from 1
};

struct Token {
    enum class Kind : uint8_t {
        data,            // text between tags, white space control applied; may be empty
        variable_begin,  // {{
        variable_end,
        block_begin,  // {%
        block_end,
        name,
        string,  // unescaped
        integer,
        real,
        op,  // text is the operator
        end,
    };
    Kind kind = Kind::end;
    Position at;
    std::string text;
    int64_t integer = 0;
    double real = 0;

    bool is_op(std::string_view op) const { return kind == Kind::op && text == op; }
    bool is_name(std::string_view name) const { return kind == Kind::name && text == name; }
};

// `what` with where: "..., line 3, column 5".
tl::unexpected<Error> error_at(Position at, std::string_view what);

class Lexer {
  public:
    // Line ends become \n; one at the end of the source is dropped, as jinja2 does.
    explicit Lexer(std::string_view source);

    // The next token; after the last, Kind::end again and again.
    Result<Token> next();

  private:
    enum class Mode : uint8_t { data, variable, block };

    Result<Token> lex_data();
    Result<Token> lex_tag();
    Result<Token> lex_raw(Position at);
    Result<Token> lex_string(Token token);
    Result<Token> lex_number(Token token);
    Result<Token> lex_operator(Token token);
    Result<void> skip_comment(Position at);
    bool at_tag_end();
    std::string_view rest() const { return std::string_view(source_).substr(offset_); }
    bool starts_with(std::string_view text) const { return rest().substr(0, text.size()) == text; }
    void advance(size_t bytes);  // keeps position_
    void skip_space();
    // Data [begin, end) before a tag with this sign; `strips` is whether lstrip_blocks applies.
    std::string_view data_before(size_t begin, size_t end, char sign, bool strips) const;
    char sign_at(size_t offset) const;
    size_t raw_tag(size_t offset, std::string_view keyword) const;

    std::string source_;
    size_t offset_ = 0;
    Position position_;
    Mode mode_ = Mode::data;
    bool line_starting_ = true;   // what was read last ended a line
    std::vector<char> brackets_;  // that must close before the tag may end
};

}  // namespace hearth::jinja
