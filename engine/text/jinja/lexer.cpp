#include "engine/text/jinja/lexer.h"

#include <algorithm>
#include <array>

#include "engine/text/jinja/unicode.h"

namespace hearth::jinja {

namespace {

bool is_digit_in(char c, int base) {
    if (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return true;
    return c >= '0' && c <= (base < 10 ? static_cast<char>('0' + base - 1) : '9');
}

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string normalize_newlines(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r') {
            if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
            out.push_back('\n');
        } else {
            out.push_back(source[i]);
        }
    }
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

}  // namespace

tl::unexpected<Error> error_at(Position at, std::string_view what) {
    return make_error(ErrorCode::bad_file, "{} at line {}, column {}", what, at.line, at.column);
}

Lexer::Lexer(std::string_view source) : source_(normalize_newlines(source)) {}

void Lexer::advance(size_t bytes) {
    for (const char c : rest().substr(0, bytes)) {
        if (c == '\n') {
            ++position_.line;
            position_.column = 1;
        } else {
            ++position_.column;
        }
    }
    offset_ += bytes;
}

void Lexer::skip_space() {
    advance(leading_space(rest()));
}

char Lexer::sign_at(size_t offset) const {
    const char c = offset < source_.size() ? source_[offset] : '\0';
    return c == '-' || c == '+' ? c : '\0';
}

std::string_view Lexer::data_before(size_t begin, size_t end, char sign, bool strips) const {
    std::string_view text = std::string_view(source_).substr(begin, end - begin);
    if (sign == '-') return text.substr(0, text.size() - trailing_space(text));
    if (sign == '+' || !strips) return text;
    const size_t newline = text.rfind('\n');
    const size_t line = newline == std::string_view::npos ? 0 : newline + 1;
    if (line == 0 && !line_starting_) return text;
    const std::string_view indent = text.substr(line);
    return leading_space(indent) == indent.size() ? text.substr(0, line) : text;
}

Result<Token> Lexer::next() {
    return mode_ == Mode::data ? lex_data() : lex_tag();
}

// The byte past a tag {% raw %} (or endraw) at `offset`, its closing not included; 0 when it is
// another tag.
size_t Lexer::raw_tag(size_t offset, std::string_view keyword) const {
    const std::string_view view = source_;
    size_t at = offset + 2;
    if (sign_at(at) != '\0') ++at;
    at += leading_space(view.substr(at));
    if (view.substr(at, keyword.size()) != keyword) return 0;
    at += keyword.size();
    at += leading_space(view.substr(at));
    const std::string_view close = view.substr(at, 3);
    if (close.substr(0, 2) == "%}" || close == "-%}") return at;
    return close == "+%}" && keyword == "endraw" ? at : 0;
}

Result<Token> Lexer::lex_data() {
    Token token{Token::Kind::data, position_, {}};
    while (true) {
        size_t open = source_.find('{', offset_);
        while (open != std::string::npos &&
               (open + 1 >= source_.size() ||
                std::string_view("{%#").find(source_[open + 1]) == std::string_view::npos)) {
            open = source_.find('{', open + 1);
        }
        if (open == std::string::npos) {
            token.text = rest();
            advance(rest().size());
            if (token.text.empty()) token.kind = Token::Kind::end;
            return token;
        }
        const char type = source_[open + 1];
        const char sign = sign_at(open + 2);
        token.text = data_before(offset_, open, sign, type != '{');
        if (!token.text.empty()) {
            // The tag itself is read by the next call, which finds no data before it.
            advance(open - offset_);
            line_starting_ = false;
            return token;
        }
        advance(open - offset_);
        const Position at = position_;
        if (const size_t raw = type == '%' ? raw_tag(open, "raw") : 0; raw != 0) {
            advance(raw - offset_);
            return lex_raw(at);
        }
        advance(sign == '\0' ? 2 : 3);
        if (type == '#') {
            HEARTH_TRY_VOID(skip_comment(at));
            token.at = position_;
            continue;
        }
        line_starting_ = false;
        mode_ = type == '{' ? Mode::variable : Mode::block;
        token.kind = type == '{' ? Token::Kind::variable_begin : Token::Kind::block_begin;
        token.at = at;
        return token;
    }
}

Result<void> Lexer::skip_comment(Position at) {
    const size_t close = source_.find("#}", offset_);
    if (close == std::string::npos) return error_at(at, "Missing end of comment tag");
    const char before = close > offset_ ? source_[close - 1] : '\0';
    advance(close + 2 - offset_);
    if (before == '-') {
        skip_space();
    } else if (before != '+' && starts_with("\n")) {
        advance(1);
    }
    line_starting_ = source_[offset_ - 1] == '\n';
    return {};
}

// After "{% raw": what follows up to "{% endraw %}" is data.
Result<Token> Lexer::lex_raw(Position at) {
    const bool strips_after = starts_with("-");
    advance(strips_after ? 3 : 2);
    if (strips_after) skip_space();
    line_starting_ = source_[offset_ - 1] == '\n';
    for (size_t open = source_.find("{%", offset_); open != std::string::npos;
         open = source_.find("{%", open + 1)) {
        const size_t close = raw_tag(open, "endraw");
        if (close == 0) continue;
        Token token{Token::Kind::data, position_,
                    std::string(data_before(offset_, open, sign_at(open + 2), true))};
        advance(close - offset_);
        at_tag_end();
        return token;
    }
    return error_at(at, "Missing end of raw directive");
}

// Consumes the end of a tag with its white space control, if one is here.
bool Lexer::at_tag_end() {
    const std::string_view close = mode_ == Mode::variable ? "}}" : "%}";
    const bool variable = mode_ == Mode::variable;
    const char sign = starts_with("-") ? '-' : !variable && starts_with("+") ? '+' : '\0';
    if (rest().substr(sign == '\0' ? 0 : 1, 2) != close) return false;
    advance(sign == '\0' ? 2 : 3);
    if (sign == '-') {
        skip_space();
    } else if (!variable && sign == '\0' && starts_with("\n")) {
        advance(1);
    }
    line_starting_ = source_[offset_ - 1] == '\n';
    return true;
}

Result<Token> Lexer::lex_tag() {
    skip_space();
    Token token{Token::Kind::end, position_, {}};
    if (offset_ >= source_.size()) return token;
    if (brackets_.empty() && at_tag_end()) {
        token.kind = mode_ == Mode::variable ? Token::Kind::variable_end : Token::Kind::block_end;
        mode_ = Mode::data;
        return token;
    }
    const char c = source_[offset_];
    if (is_name_start(c)) {
        size_t n = 1;
        while (n < rest().size() && (is_name_start(rest()[n]) || is_digit_in(rest()[n], 10))) ++n;
        token.kind = Token::Kind::name;
        token.text = rest().substr(0, n);
        advance(n);
        return token;
    }
    if (is_digit_in(c, 10)) return lex_number(std::move(token));
    if (c == '\'' || c == '"') return lex_string(std::move(token));
    return lex_operator(std::move(token));
}

Result<Token> Lexer::lex_operator(Token token) {
    static constexpr std::array<std::string_view, 25> kOperators = {
        "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "(",
        ")",  "[",  "]",  "{",  "}",  "<",  ">", "=", ".", ":", "|", ","};
    const auto op = std::find_if(kOperators.begin(), kOperators.end(),
                                 [this](std::string_view text) { return starts_with(text); });
    if (op == kOperators.end()) {
        return error_at(token.at, fmt::format("unexpected character {:#04x}",
                                              static_cast<unsigned char>(source_[offset_])));
    }
    const char c = op->front();
    if (c == '(' || c == '[' || c == '{') {
        brackets_.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if (c == ')' || c == ']' || c == '}') {
        if (brackets_.empty() || brackets_.back() != c) {
            return error_at(token.at, fmt::format("unexpected '{}'", c));
        }
        brackets_.pop_back();
    }
    token.kind = Token::Kind::op;
    token.text = *op;
    advance(op->size());
    return token;
}

}  // namespace hearth::jinja
