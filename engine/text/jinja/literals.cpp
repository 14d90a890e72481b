// The lexer's literals: numbers and strings as Python writes them.
#include <charconv>
#include <cstdlib>

#include "engine/base/utf8.h"
#include "engine/text/jinja/lexer.h"

namespace hearth::jinja {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The length of digits with single underscores between them ("1_000") at the start of `text`.
size_t digits_length(std::string_view text) {
    size_t n = 0;
    while (n < text.size() &&
           (is_digit(text[n]) ||
            (text[n] == '_' && n > 0 && n + 1 < text.size() && is_digit(text[n + 1])))) {
        ++n;
    }
    return n;
}

std::string without_underscores(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c != '_') digits.push_back(c);
    }
    return digits;
}

// The length of ".5", "e3" or ".5e-3" at the start of `text`; 0 when it is not there.
size_t fraction_length(std::string_view text) {
    size_t n = 0;
    if (text.size() > 1 && text[0] == '.' && is_digit(text[1])) {
        n = 1 + digits_length(text.substr(1));
    }
    if (n < text.size() && (text[n] == 'e' || text[n] == 'E')) {
        size_t m = n + 1;
        if (m < text.size() && (text[m] == '+' || text[m] == '-')) ++m;
        const size_t exponent = digits_length(text.substr(m));
        if (exponent > 0) n = m + exponent;
    }
    return n;
}

struct Escape {
    size_t bytes = 0;  // consumed after the backslash; 0 = not an escape
    char32_t value = 0;
    bool bad = false;
};

Escape numeric_escape(std::string_view text, size_t skip, size_t digits_max, int base) {
    const std::string_view digits = text.substr(skip, digits_max);
    uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    const auto n = static_cast<size_t>(end - digits.data());
    const bool exact = base == 8 || n == digits_max;
    if (error != std::errc() || !exact || value > 0x10FFFF) return {skip, 0, true};
    return {skip + n, value};
}

// `text` begins after the backslash.
Escape read_escape(std::string_view text) {
    static constexpr std::string_view kNames = "\\'\"abfnrtv";
    static constexpr std::string_view kValues = "\\'\"\a\b\f\n\r\t\v";
    if (text.empty()) return {};
    if (const size_t i = kNames.find(text[0]); i != std::string_view::npos) {
        return {1, static_cast<unsigned char>(kValues[i])};
    }
    switch (text[0]) {
        case 'x':
            return numeric_escape(text, 1, 2, 16);
        case 'u':
            return numeric_escape(text, 1, 4, 16);
        case 'U':
            return numeric_escape(text, 1, 8, 16);
        default:
            if (text[0] >= '0' && text[0] <= '7') return numeric_escape(text, 0, 3, 8);
            return {};
    }
}

}  // namespace

Result<Token> Lexer::lex_number(Token token) {
    const std::string_view text = rest();
    const char marker = text.size() > 1 && text[0] == '0' ? static_cast<char>(text[1] | 0x20) : ' ';
    const int base = marker == 'x' ? 16 : marker == 'o' ? 8 : marker == 'b' ? 2 : 10;
    if (base != 10) {
        const auto [end, error] =
            std::from_chars(text.data() + 2, text.data() + text.size(), token.integer, base);
        if (error != std::errc()) return error_at(token.at, "bad number");
        token.kind = Token::Kind::integer;
        advance(static_cast<size_t>(end - text.data()));
        return token;
    }
    const size_t whole = digits_length(text);
    const size_t fraction = fraction_length(text.substr(whole));
    const std::string digits = without_underscores(text.substr(0, whole + fraction));
    if (fraction > 0) {
        token.kind = Token::Kind::real;
        std::from_chars(digits.data(), digits.data() + digits.size(), token.real);
    } else {
        token.kind = Token::Kind::integer;
        const auto parsed =
            std::from_chars(digits.data(), digits.data() + digits.size(), token.integer);
        if (parsed.ec != std::errc()) return error_at(token.at, "integer too large");
    }
    advance(whole + fraction);
    return token;
}

Result<Token> Lexer::lex_string(Token token) {
    const std::string_view text = rest();
    token.kind = Token::Kind::string;
    size_t at = 1;
    while (at < text.size() && text[at] != text[0]) {
        if (text[at] != '\\') {
            token.text.push_back(text[at++]);
            continue;
        }
        if (at + 1 < text.size() && text[at + 1] == '\n') {  // a continued line
            at += 2;
            continue;
        }
        const Escape escape = read_escape(text.substr(at + 1));
        if (escape.bad) return error_at(token.at, "bad escape in a string");
        if (escape.bytes == 0) {
            token.text.push_back('\\');  // unknown escapes stay, as in Python
            ++at;
            continue;
        }
        append_utf8(token.text, escape.value);
        at += 1 + escape.bytes;
    }
    if (at >= text.size()) return error_at(token.at, "string without end");
    advance(at + 1);
    return token;
}

}  // namespace hearth::jinja
