// What operators do with values: arithmetic, subscripts, slices, attributes.
#pragma once

#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/value.h"

namespace hearth::jinja {

Result<Value> calculate(Runtime& runtime, ast::Arithmetic::Op op, const Value& left,
                        const Value& right);
Result<Value> negate(const Value& value);

// object.name: a method or a field, then an entry; undefined when there is neither.
Result<Value> get_attribute(Runtime& runtime, const Value& object, const MarkedText& name);
// object[key]: an entry or an item, then an attribute; undefined when there is neither.
Result<Value> get_item(Runtime& runtime, const Value& object, const Value& key);
// object[start:stop:step]; None stands for an absent part.
Result<Value> get_slice(Runtime& runtime, const Value& object, const Value& start,
                        const Value& stop, const Value& step);

}  // namespace hearth::jinja
