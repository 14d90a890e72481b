// The syntax tree of a template. Immutable once parsed; expressions and statements are variants of
// plain structs.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/text/jinja/filters.h"
#include "engine/text/jinja/lexer.h"
#include "engine/text/jinja/tests.h"
#include "engine/text/jinja/value.h"

namespace hearth::jinja::ast {

// A variable's name, interned: an index into Template::names.
enum class NameId : uint32_t {};

struct Expression;
// Pairs with an expression in them; structs of their own, because a std::pair of a type that is not
// complete yet does not compile with clang 14.
struct DictEntry;       // key, value
struct NamedArgument;   // name, value
struct ComparisonLink;  // op, right
using Box = std::unique_ptr<Expression>;

struct Literal {
    Value value;  // texts point into Template::texts
};
struct Name {
    NameId id;
};
struct ListDisplay {
    List::Kind kind;
    std::vector<Expression> items;
};
struct DictDisplay {
    std::vector<DictEntry> entries;
};
struct Attribute {  // object.name
    Box object;
    const MarkedText* name;
};
struct Item {  // object[key]
    Box object;
    Box key;
};
struct Slice {  // object[start:stop:step]; absent parts are nullptr
    Box object;
    Box start;
    Box stop;
    Box step;
};
struct CallArguments {
    std::vector<Expression> positional;
    std::vector<NamedArgument> named;
};
struct Call {
    Box callee;
    CallArguments arguments;
};
struct FilterCall {
    Box input;  // nullptr: the text a {% filter %} or {% set %} block has captured
    std::string name;
    Filter filter;  // nullptr when there is none of this name: an error once it is reached
    CallArguments arguments;
};
struct TestCall {
    Box input;
    std::string name;
    Test test;  // as filter
    CallArguments arguments;
};
struct Not {
    Box operand;
};
struct Sign {
    bool negative;
    Box operand;
};
struct Arithmetic {
    enum class Op : uint8_t { add, subtract, multiply, divide, floor_divide, modulo, power };
    Op op;
    Box left;
    Box right;
};
struct Logic {
    bool is_and;
    Box left;
    Box right;
};
struct Comparison {  // a < b <= c
    enum class Op : uint8_t {
        equal,
        unequal,
        less,
        less_equal,
        greater,
        greater_equal,
        in,
        not_in
    };
    Box first;
    std::vector<ComparisonLink> rest;
};
struct Concatenation {  // a ~ b ~ c
    std::vector<Expression> parts;
};
struct Conditional {  // then if test else otherwise
    Box test;
    Box then;
    Box otherwise;  // nullptr: undefined
};

struct Expression {
    using Node = std::variant<Literal, Name, ListDisplay, DictDisplay, Attribute, Item, Slice, Call,
                              FilterCall, TestCall, Not, Sign, Arithmetic, Logic, Comparison,
                              Concatenation, Conditional>;
    Position at;
    uint32_t depth = 1;  // of the tree below and with this node
    Node node;
};

struct DictEntry {
    Expression key;
    Expression value;
};
struct NamedArgument {
    std::string name;
    Expression value;
};
struct ComparisonLink {
    Comparison::Op op;
    Expression right;
};

struct Statement;
using Block = std::vector<Statement>;

// What a for or a set assigns to: a name, a namespace's attribute, or a tuple of targets.
struct Target {
    NameId name{};
    const MarkedText* attribute = nullptr;  // set on a namespace
    std::vector<Target> parts;              // not empty: unpack into these
};

struct Data {
    const MarkedText* text;
};
struct Output {
    Expression value;
};
struct If {
    struct Branch {
        Expression test;
        Block body;
    };
    std::vector<Branch> branches;
    Block otherwise;
};
struct For {
    Target target;
    Expression iterable;
    std::optional<Expression> filter;
    bool recursive = false;
    Block body;
    Block otherwise;
};
struct Set {
    Target target;
    Expression value;
};
struct SetBlock {
    Target target;
    std::optional<Expression> filter;  // a chain of FilterCalls over the captured text
    Block body;
};
struct Parameter {
    NameId name;
    std::string word;
    std::optional<Expression> fallback;
};
struct MacroDefinition {
    NameId name{};
    std::string word;
    std::vector<Parameter> parameters;
    Block body;
};
struct CallBlock {
    Expression call;         // a Call
    MacroDefinition caller;  // the block's body
};
struct FilterBlock {
    Expression filter;
    Block body;
};
struct With {
    std::vector<std::pair<Target, Expression>> assignments;
    Block body;
};
struct Break {};
struct Continue {};

struct Statement {
    using Node = std::variant<Data, Output, If, For, Set, SetBlock, MacroDefinition, CallBlock,
                              FilterBlock, With, Break, Continue>;
    Position at;
    Node node;
};

// A parsed template: owns the texts and names its nodes refer to.
struct Template {
    std::deque<MarkedText> texts;
    std::vector<const MarkedText*> names;  // by NameId
    Block body;
};

}  // namespace hearth::jinja::ast
