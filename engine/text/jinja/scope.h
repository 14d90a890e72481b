// Scopes, loops and macros: what a rendering creates besides plain values.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/value.h"

namespace hearth::jinja {

// Variables by name. A for loop, a macro and a captured block have a scope of their own; an if has
// not. A set changes the innermost scope only.
struct Scope {
    Scope* parent = nullptr;
    std::vector<std::pair<ast::NameId, Value>> variables;

    const Value* find(ast::NameId name) const {
        for (const Scope* scope = this; scope != nullptr; scope = scope->parent) {
            for (const auto& [id, value] : scope->variables) {
                if (id == name) return &value;
            }
        }
        return nullptr;
    }
};

// The variable `loop`.
struct Loop {
    const ast::For* statement = nullptr;
    Scope* outside = nullptr;  // the scope the loop is in
    std::vector<Value> items;
    size_t index = 0;
    size_t depth = 1;              // of a recursive loop
    List* last_changed = nullptr;  // the arguments of the last loop.changed()
};

// A macro, or the body of a call block, with the scope it was defined in.
struct Macro {
    const ast::MacroDefinition* definition = nullptr;
    Scope* scope = nullptr;
};

}  // namespace hearth::jinja
