#include "app/ui/code_colors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace hearth {

// A family of languages. The lists are separated by spaces and begin and end with one.
struct CodeLanguage {
    std::string_view names;
    std::string_view keywords;
    std::string_view line_comment;
    std::string_view block_begin, block_end;
    std::string_view quotes;      // each a character that begins and ends a string on one line
    std::string_view long_quote;  // begins and ends a string over several lines
    bool ignores_case = false;
};

namespace {

constexpr auto kLanguages = std::to_array<CodeLanguage>({
    {" c h cpp c++ cc cxx hpp cuda objc arduino ",
     " alignas auto bool break case catch char class co_await co_return co_yield const consteval "
     "constexpr continue decltype default delete do double else enum explicit export extern false "
     "float for friend goto if inline int long mutable namespace new noexcept nullptr operator "
     "private protected public register requires return short signed sizeof static static_assert "
     "struct switch template this throw true try typedef typename union unsigned using virtual "
     "void volatile while NULL #include #define #if #ifdef #ifndef #else #endif #pragma ",
     "//", "/*", "*/", "\"'", ""},
    {" java kotlin kt scala swift cs csharp c# dart groovy ",
     " abstract as async await base boolean break byte case catch char class companion const "
     "continue data def default do double else enum extends extension false final finally float "
     "for foreach fun func guard if implements import in init instanceof int interface internal "
     "is lateinit let long namespace new nil null object open out override package private "
     "protected protocol public return sealed self short static string struct super switch this "
     "throw throws true try typealias using val var virtual void when where while yield ",
     "//", "/*", "*/", "\"'", "\"\"\""},
    {" js javascript ts typescript jsx tsx mjs node ",
     " abstract any as async await boolean break case catch class const continue debugger declare "
     "default delete do else enum export extends false finally for from function get if implements "
     "import in instanceof interface keyof let new null number of private public readonly return "
     "set static string super switch this throw true try type typeof undefined var void while "
     "with yield ",
     "//", "/*", "*/", "\"'", "`"},
    {" rust rs ",
     " as async await break const continue crate dyn else enum extern false fn for if impl in let "
     "loop match mod move mut pub ref return self Self static struct super trait true type union "
     "unsafe use where while bool char f32 f64 i8 i16 i32 i64 isize str u8 u16 u32 u64 usize ",
     "//", "/*", "*/", "\"", ""},
    {" go golang zig ",
     " break case chan const continue default defer else fallthrough false for func go goto if "
     "import interface iota map nil package range return select struct switch true type var bool "
     "byte error float64 int int64 rune string uint comptime fn pub try usize ",
     "//", "/*", "*/", "\"'", "`"},
    {" python py python3 pycon ",
     " False None True and as assert async await break case class continue def del elif else "
     "except finally for from global if import in is lambda match nonlocal not or pass raise "
     "return self try while with yield ",
     "#", "", "", "\"'", "\"\"\""},
    {" sh bash zsh shell console fish ",
     " if then else elif fi for while until do done case esac in function return local export set "
     "unset echo exit cd source alias sudo read shift trap test true false ",
     "#", "", "", "\"'", ""},
    {" ruby rb perl pl r julia jl elixir ex make makefile cmake dockerfile nim ",
     " and begin break case class def do done else elsif elseif end ensure extend false for "
     "foreach from function if in include local macro module my next nil not or our package puts "
     "require rescue return run self set sub super then true undef unless until use when while "
     "yield FROM RUN CMD COPY ENV ARG WORKDIR ENTRYPOINT EXPOSE ",
     "#", "", "", "\"'", ""},
    {" lua haskell hs sql sqlite postgres mysql psql ",
     " and as asc begin between by case commit create data delete desc distinct do drop else "
     "elseif end exists false for foreign from function group having if in index inner insert "
     "instance into is join key left let like limit local module nil not null of on or order outer "
     "primary references repeat return right select set table then true type union unique until "
     "update values view where while with ",
     "--", "/*", "*/", "\"'", "", true},
    {" json json5 jsonc ", " true false null ", "//", "/*", "*/", "\"", ""},
    {" yaml yml toml ini conf properties ", " true false null yes no on off ", "#", "", "", "\"'",
     ""},
    {" html xml svg vue ", "", "", "<!--", "-->", "\"'", ""},
    {" css scss less ", " important auto none inherit ", "", "/*", "*/", "\"'", ""},
});

const CodeLanguage* find_language(std::string_view info) {
    std::string name = " ";
    for (const char c : info.substr(0, info.find_first_of(" \t,{:"))) {
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    name += ' ';
    if (name.size() <= 2) return nullptr;
    for (const CodeLanguage& language : kLanguages) {
        if (language.names.find(name) != std::string_view::npos) return &language;
    }
    return nullptr;
}

bool is_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_keyword(const CodeLanguage& language, std::string_view word) {
    std::string wanted = " ";
    wanted += word;
    wanted += ' ';
    if (language.keywords.find(wanted) != std::string_view::npos) return true;
    if (!language.ignores_case) return false;
    for (char& c : wanted) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return language.keywords.find(wanted) != std::string_view::npos;
}

void append(StyledLine& line, std::string_view text, Ink ink) {
    if (text.empty()) return;
    if (!line.empty() && line.back().style.ink == ink) {
        line.back().text += text;
    } else {
        line.push_back({std::string(text), {ink}});
    }
}

// The bytes of the string on this line that begins with a quote, its end included.
size_t string_bytes(std::string_view text) {
    for (size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == text[0]) {
            return i + 1;
        }
    }
    return text.size();
}

size_t word_bytes(std::string_view text) {
    size_t bytes = 1;  // also '#' of a directive
    while (bytes < text.size() && is_word(text[bytes])) ++bytes;
    return bytes;
}

}  // namespace

CodeColors::CodeColors(std::string_view language) : language_(find_language(language)) {}

StyledLine CodeColors::color(std::string_view text) {
    StyledLine line;
    if (language_ == nullptr) {
        append(line, text, Ink::code);
        return line;
    }
    const CodeLanguage& language = *language_;
    const auto begins = [&](std::string_view mark) {
        return !mark.empty() && text.starts_with(mark);
    };
    while (!text.empty()) {
        size_t bytes = 1;
        Ink ink = Ink::code;
        if (!inside_.empty()) {
            const size_t end = text.find(inside_);
            bytes = end == std::string_view::npos ? text.size() : end + inside_.size();
            ink = inside_ink_;
            if (end != std::string_view::npos) inside_ = {};
        } else if (begins(language.line_comment)) {
            bytes = text.size();
            ink = Ink::comment;
        } else if (begins(language.block_begin)) {
            bytes = language.block_begin.size();
            inside_ = language.block_end;
            ink = inside_ink_ = Ink::comment;
        } else if (begins(language.long_quote)) {
            bytes = language.long_quote.size();
            inside_ = language.long_quote;
            ink = inside_ink_ = Ink::string;
        } else if (language.quotes.find(text[0]) != std::string_view::npos) {
            bytes = string_bytes(text);
            ink = Ink::string;
        } else if (is_digit(text[0])) {
            while (bytes < text.size() && (is_word(text[bytes]) || text[bytes] == '.')) ++bytes;
            ink = Ink::number;
        } else if (is_word(text[0]) || text[0] == '#') {
            bytes = word_bytes(text);
            if (is_keyword(language, text.substr(0, bytes))) ink = Ink::keyword;
        }
        append(line, text.substr(0, bytes), ink);
        text.remove_prefix(bytes);
    }
    return line;
}

}  // namespace hearth
