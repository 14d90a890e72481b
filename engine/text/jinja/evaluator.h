// Evaluator: runs a parsed template over its variables.
//
// Private to evaluator.cpp (statements, macros) and expressions.cpp.
#pragma once

#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/scope.h"
#include "engine/text/jinja/value.h"

namespace hearth::jinja {

class Evaluator {
  public:
    Evaluator(const ast::Template& source, Runtime& runtime);

    // Variables the template sees. Names it never mentions are ignored.
    void define_global(std::string_view name, const Value& value);
    // Runs the template once.
    Result<MarkedText> run();

  private:
    enum class Flow : uint8_t { next, leave_loop, next_item };

    // Another scope, or another place to write to, while it lives.
    class ScopeGuard;
    class Capture;

    // Statements.
    Result<Flow> execute(const ast::Block& block);
    Result<Flow> execute(const ast::Statement& statement);
    Result<Flow> execute(const ast::Data& node, Position at);
    Result<Flow> execute(const ast::Output& node, Position at);
    Result<Flow> execute(const ast::If& node, Position at);
    Result<Flow> execute(const ast::For& node, Position at);
    Result<Flow> execute(const ast::Set& node, Position at);
    Result<Flow> execute(const ast::SetBlock& node, Position at);
    Result<Flow> execute(const ast::MacroDefinition& node, Position at);
    Result<Flow> execute(const ast::CallBlock& node, Position at);
    Result<Flow> execute(const ast::FilterBlock& node, Position at);
    Result<Flow> execute(const ast::With& node, Position at);
    Result<Flow> execute(const ast::Break& node, Position at);
    Result<Flow> execute(const ast::Continue& node, Position at);
    Result<void> run_loop(const ast::For& node, Position at, const Value& iterable, size_t depth);
    Result<std::vector<Value>> loop_items(const ast::For& node, Position at, const Value& iterable);
    Result<MarkedText> capture(const ast::Block& body);
    Result<void> assign_target(const ast::Target& target, Position at, const Value& value);
    void write(const Value& value);

    // Calls.
    const Macro* make_macro(const ast::MacroDefinition& definition);
    Result<Value> call(const Value& callee, const Arguments& arguments, Position at);
    Result<Value> call_macro(const Macro& macro, const Arguments& arguments, Position at);
    Result<void> bind_parameters(const Macro& macro, const Arguments& arguments, Position at);
    Result<Value> call_loop(Loop& loop, const Arguments& arguments, Position at);

    // Expressions (expressions.cpp).
    Result<Value> evaluate(const ast::Expression& expression);
    Result<Value> evaluate_or_none(const ast::Box& expression);
    Result<Value> evaluate(const ast::Literal& node, Position at);
    Result<Value> evaluate(const ast::Name& node, Position at);
    Result<Value> evaluate(const ast::ListDisplay& node, Position at);
    Result<Value> evaluate(const ast::DictDisplay& node, Position at);
    Result<Value> evaluate(const ast::Attribute& node, Position at);
    Result<Value> evaluate(const ast::Item& node, Position at);
    Result<Value> evaluate(const ast::Slice& node, Position at);
    Result<Value> evaluate(const ast::Call& node, Position at);
    Result<Value> evaluate(const ast::FilterCall& node, Position at);
    Result<Value> evaluate(const ast::TestCall& node, Position at);
    Result<Value> evaluate(const ast::Not& node, Position at);
    Result<Value> evaluate(const ast::Sign& node, Position at);
    Result<Value> evaluate(const ast::Arithmetic& node, Position at);
    Result<Value> evaluate(const ast::Logic& node, Position at);
    Result<Value> evaluate(const ast::Comparison& node, Position at);
    Result<Value> evaluate(const ast::Concatenation& node, Position at);
    Result<Value> evaluate(const ast::Conditional& node, Position at);
    Result<bool> holds(ast::Comparison::Op op, const Value& left, const Value& right);
    Result<Arguments> evaluate_arguments(const ast::CallArguments& arguments);

    // The error of `result`, if it has one, with the place put behind it.
    template <typename T>
    static Result<T> located(Position at, Result<T> result) {
        if (!result) return error_at(at, result.error().message);
        return result;
    }
    // Pays a step; fails when a limit is exceeded.
    Result<void> step(Position at) {
        if (runtime_.budget.spend()) return {};
        return error_at(at, runtime_.budget.exceeded_words());
    }

    Scope* new_scope(Scope* parent);
    void define(Scope& scope, ast::NameId name, const Value& value);
    // The id of a name the template mentions.
    const ast::NameId* find_name(std::string_view name) const;

    const ast::Template& source_;
    Runtime& runtime_;
    std::deque<Scope> scopes_;
    std::deque<Loop> loops_;
    std::deque<Macro> macros_;
    Scope* scope_ = nullptr;  // the innermost
    MarkedText output_;
    MarkedText* captured_ = nullptr;  // where output goes instead, inside a macro or a block
    Value filter_input_;              // what a FilterCall without input works on
    std::vector<std::pair<std::string_view, ast::NameId>> name_ids_;  // ascending
    const ast::NameId* loop_name_ = nullptr;
    const ast::NameId* caller_name_ = nullptr;
};

}  // namespace hearth::jinja
