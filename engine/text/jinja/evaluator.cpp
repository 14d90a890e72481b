#include "engine/text/jinja/evaluator.h"

#include <algorithm>

#include "engine/text/jinja/methods.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

class Evaluator::ScopeGuard {
  public:
    ScopeGuard(Evaluator& evaluator, Scope* scope)
        : evaluator_(evaluator), previous_(std::exchange(evaluator.scope_, scope)) {}
    ~ScopeGuard() { evaluator_.scope_ = previous_; }
    ScopeGuard(const ScopeGuard&) = delete;
    ScopeGuard& operator=(const ScopeGuard&) = delete;

  private:
    Evaluator& evaluator_;
    Scope* previous_;
};

class Evaluator::Capture {
  public:
    Capture(Evaluator& evaluator, MarkedText* text)
        : evaluator_(evaluator), previous_(std::exchange(evaluator.captured_, text)) {}
    ~Capture() { evaluator_.captured_ = previous_; }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

  private:
    Evaluator& evaluator_;
    MarkedText* previous_;
};

Evaluator::Evaluator(const ast::Template& source, Runtime& runtime)
    : source_(source), runtime_(runtime), scope_(&scopes_.emplace_back()) {
    for (size_t i = 0; i < source.names.size(); ++i) {
        name_ids_.emplace_back(source.names[i]->text(), static_cast<ast::NameId>(i));
    }
    std::sort(name_ids_.begin(), name_ids_.end());
    loop_name_ = find_name("loop");
    caller_name_ = find_name("caller");
    for (const Method& function : global_functions()) {
        define_global(function.name, runtime.heap.callable({function.name, function.native, {}}));
    }
}

const ast::NameId* Evaluator::find_name(std::string_view name) const {
    const auto found = std::lower_bound(
        name_ids_.begin(), name_ids_.end(), name,
        [](const auto& entry, std::string_view word) { return entry.first < word; });
    return found != name_ids_.end() && found->first == name ? &found->second : nullptr;
}

void Evaluator::define_global(std::string_view name, const Value& value) {
    if (const ast::NameId* id = find_name(name)) define(*scope_, *id, value);
}

Result<MarkedText> Evaluator::run() {
    // What the template sets goes into a scope of its own, over the given variables.
    const ScopeGuard guard(*this, new_scope(scope_));
    HEARTH_TRY_VOID(execute(source_.body));
    if (!runtime_.budget.ok()) return error_at({}, runtime_.budget.exceeded_words());
    return std::move(output_);
}

Scope* Evaluator::new_scope(Scope* parent) {
    runtime_.budget.reserve(sizeof(Scope));
    return &scopes_.emplace_back(Scope{parent, {}});
}

void Evaluator::define(Scope& scope, ast::NameId name, const Value& value) {
    for (auto& [id, held] : scope.variables) {
        if (id == name) {
            held = value;
            return;
        }
    }
    runtime_.budget.spend(scope.variables.size() / 16);
    if (runtime_.budget.reserve(sizeof(scope.variables[0]))) {
        scope.variables.emplace_back(name, value);
    }
}

void Evaluator::write(const Value& value) {
    Budget& budget = runtime_.budget;
    const Value text = to_str(runtime_, value);
    const size_t size = as_text(text)->footprint();
    if (captured_ != nullptr ? !budget.reserve(size) : !budget.emit(size)) return;
    (captured_ != nullptr ? *captured_ : output_).append(*as_text(text));
}

Result<MarkedText> Evaluator::capture(const ast::Block& body) {
    MarkedText text;
    const Capture capturing(*this, &text);
    HEARTH_TRY_VOID(execute(body));
    return text;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::Block& block) {
    for (const ast::Statement& statement : block) {
        HEARTH_TRY(const Flow flow, execute(statement));
        if (flow != Flow::next) return flow;
    }
    return Flow::next;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::Statement& statement) {
    const Nesting nesting(runtime_.budget);
    HEARTH_TRY_VOID(step(statement.at));
    return std::visit([&](const auto& node) { return execute(node, statement.at); },
                      statement.node);
}

Result<Evaluator::Flow> Evaluator::execute(const ast::Data& node, Position) {
    write(node.text);
    return Flow::next;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::Output& node, Position) {
    HEARTH_TRY(const Value value, evaluate(node.value));
    write(value);
    return Flow::next;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::If& node, Position) {
    for (const ast::If::Branch& branch : node.branches) {
        HEARTH_TRY(const Value test, evaluate(branch.test));
        if (truth(test)) return execute(branch.body);
    }
    return execute(node.otherwise);
}

Result<Evaluator::Flow> Evaluator::execute(const ast::For& node, Position at) {
    HEARTH_TRY(const Value iterable, evaluate(node.iterable));
    HEARTH_TRY_VOID(run_loop(node, at, iterable, 1));
    return Flow::next;
}

// The items that pass the loop's own `if`.
Result<std::vector<Value>> Evaluator::loop_items(const ast::For& node, Position at,
                                                 const Value& iterable) {
    HEARTH_TRY(auto items, located(at, iterate(runtime_, iterable)));
    if (!node.filter) return items;
    std::vector<Value> passing;
    Scope* scope = new_scope(scope_);
    const ScopeGuard guard(*this, scope);
    for (const Value& item : items) {
        scope->variables.clear();
        HEARTH_TRY_VOID(assign_target(node.target, at, item));
        HEARTH_TRY(const Value test, evaluate(*node.filter));
        if (truth(test)) passing.push_back(item);
    }
    return passing;
}

Result<void> Evaluator::run_loop(const ast::For& node, Position at, const Value& iterable,
                                 size_t depth) {
    HEARTH_TRY(auto items, loop_items(node, at, iterable));
    if (items.empty()) {
        const ScopeGuard guard(*this, new_scope(scope_));
        HEARTH_TRY_VOID(execute(node.otherwise));
        return {};
    }
    runtime_.budget.reserve(sizeof(Loop));
    Loop& loop = loops_.emplace_back(Loop{&node, scope_, std::move(items), 0, depth, nullptr});
    Scope* scope = new_scope(scope_);
    const ScopeGuard guard(*this, scope);
    for (; loop.index < loop.items.size(); ++loop.index) {
        HEARTH_TRY_VOID(step(at));
        scope->variables.clear();
        if (loop_name_ != nullptr) define(*scope, *loop_name_, &loop);
        HEARTH_TRY_VOID(assign_target(node.target, at, loop.items[loop.index]));
        HEARTH_TRY(const Flow flow, execute(node.body));
        if (flow == Flow::leave_loop) break;
    }
    return {};
}

Result<Evaluator::Flow> Evaluator::execute(const ast::Set& node, Position at) {
    HEARTH_TRY(const Value value, evaluate(node.value));
    HEARTH_TRY_VOID(assign_target(node.target, at, value));
    return Flow::next;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::SetBlock& node, Position at) {
    Value value;
    {
        const ScopeGuard guard(*this, new_scope(scope_));
        HEARTH_TRY(MarkedText text, capture(node.body));
        value = runtime_.heap.text(std::move(text));
        if (node.filter) {
            filter_input_ = value;
            HEARTH_TRY(value, evaluate(*node.filter));
        }
    }
    HEARTH_TRY_VOID(assign_target(node.target, at, value));
    return Flow::next;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::FilterBlock& node, Position) {
    const ScopeGuard guard(*this, new_scope(scope_));
    HEARTH_TRY(MarkedText text, capture(node.body));
    filter_input_ = runtime_.heap.text(std::move(text));
    HEARTH_TRY(const Value filtered, evaluate(node.filter));
    write(filtered);
    return Flow::next;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::With& node, Position at) {
    Scope* scope = new_scope(scope_);
    for (const auto& [target, expression] : node.assignments) {
        HEARTH_TRY(const Value value, evaluate(expression));  // outside the new scope
        const ScopeGuard guard(*this, scope);
        HEARTH_TRY_VOID(assign_target(target, at, value));
    }
    const ScopeGuard guard(*this, scope);
    return execute(node.body);
}

Result<Evaluator::Flow> Evaluator::execute(const ast::Break&, Position) {
    return Flow::leave_loop;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::Continue&, Position) {
    return Flow::next_item;
}

Result<void> Evaluator::assign_target(const ast::Target& target, Position at, const Value& value) {
    if (!target.parts.empty()) {
        HEARTH_TRY(const auto items, located(at, iterate(runtime_, value)));
        if (items.size() != target.parts.size()) {
            const size_t n = target.parts.size();
            return error_at(
                at, items.size() > n
                        ? fmt::format("too many values to unpack (expected {})", n)
                        : fmt::format("not enough values to unpack (expected {}, got {})", n,
                                      items.size()));
        }
        for (size_t i = 0; i < items.size(); ++i) {
            HEARTH_TRY_VOID(assign_target(target.parts[i], at, items[i]));
        }
        return {};
    }
    if (target.attribute == nullptr) {
        define(*scope_, target.name, value);
        return {};
    }
    const Value* object = scope_->find(target.name);
    const auto* space = object == nullptr ? nullptr : std::get_if<Namespace*>(object);
    if (space == nullptr) {
        return error_at(at, "cannot assign attribute on non-namespace object");
    }
    return located(at, assign(runtime_.budget, (*space)->attributes, target.attribute, value));
}

// ---- calls

const Macro* Evaluator::make_macro(const ast::MacroDefinition& definition) {
    runtime_.budget.reserve(sizeof(Macro));
    return &macros_.emplace_back(Macro{&definition, scope_});
}

Result<Evaluator::Flow> Evaluator::execute(const ast::MacroDefinition& node, Position) {
    define(*scope_, node.name, make_macro(node));
    return Flow::next;
}

Result<Evaluator::Flow> Evaluator::execute(const ast::CallBlock& node, Position) {
    const auto& call_node = std::get<ast::Call>(node.call.node);
    HEARTH_TRY(const Value callee, evaluate(*call_node.callee));
    HEARTH_TRY(Arguments arguments, evaluate_arguments(call_node.arguments));
    arguments.named.emplace_back("caller", make_macro(node.caller));
    HEARTH_TRY(const Value result, call(callee, arguments, node.call.at));
    write(result);
    return Flow::next;
}

Result<Value> Evaluator::call(const Value& callee, const Arguments& arguments, Position at) {
    if (const auto* macro = std::get_if<const Macro*>(&callee)) {
        return call_macro(**macro, arguments, at);
    }
    if (const auto* function = std::get_if<const Callable*>(&callee)) {
        return located(at, (*function)->native(runtime_, (*function)->self, arguments));
    }
    if (const auto* loop = std::get_if<Loop*>(&callee)) return call_loop(**loop, arguments, at);
    if (const auto* undefined = std::get_if<Undefined>(&callee)) {
        return error_at(at, undefined_words(*undefined));
    }
    return error_at(at, fmt::format("'{}' object is not callable", type_name(callee)));
}

// Defines the parameters in the current scope, which is the macro's.
Result<void> Evaluator::bind_parameters(const Macro& macro, const Arguments& arguments,
                                        Position at) {
    const ast::MacroDefinition& definition = *macro.definition;
    const auto& parameters = definition.parameters;
    if (arguments.positional.size() > parameters.size()) {
        return error_at(at, fmt::format("macro '{}' takes not more than {} argument(s)",
                                        definition.word, parameters.size()));
    }
    for (size_t i = 0; i < parameters.size(); ++i) {
        Value value = Undefined{source_.names[static_cast<size_t>(parameters[i].name)],
                                Undefined::What::variable};
        if (const Value* given = arguments.find(i, parameters[i].word)) {
            value = *given;
        } else if (parameters[i].fallback) {
            HEARTH_TRY(value, evaluate(*parameters[i].fallback));
        }
        define(*scope_, parameters[i].name, value);
    }
    for (const auto& [word, value] : arguments.named) {
        const auto names_it = [&w = word](const ast::Parameter& each) { return each.word == w; };
        if (std::any_of(parameters.begin(), parameters.end(), names_it)) continue;
        if (word != "caller") {
            return error_at(at, fmt::format("macro '{}' takes no keyword argument '{}'",
                                            definition.word, word));
        }
        if (caller_name_ != nullptr) define(*scope_, *caller_name_, value);
    }
    return {};
}

Result<Value> Evaluator::call_macro(const Macro& macro, const Arguments& arguments, Position at) {
    const Nesting nesting(runtime_.budget);
    HEARTH_TRY_VOID(step(at));
    const ScopeGuard guard(*this, new_scope(macro.scope));
    HEARTH_TRY_VOID(bind_parameters(macro, arguments, at));
    HEARTH_TRY(MarkedText text, capture(macro.definition->body));
    return runtime_.heap.text(std::move(text));
}

// loop(items) in a recursive loop: the loop's body over these items.
Result<Value> Evaluator::call_loop(Loop& loop, const Arguments& arguments, Position at) {
    if (!loop.statement->recursive) {
        return error_at(at, "The loop must have the 'recursive' marker to be called recursively.");
    }
    HEARTH_TRY_VOID(located(at, arguments.expect("loop()", 1)));
    if (arguments.positional.empty()) return error_at(at, "loop() needs what to visit");
    MarkedText text;
    const Capture capturing(*this, &text);
    const ScopeGuard guard(*this, loop.outside);
    HEARTH_TRY_VOID(run_loop(*loop.statement, at, arguments.positional[0], loop.depth + 1));
    return runtime_.heap.text(std::move(text));
}

}  // namespace hearth::jinja
