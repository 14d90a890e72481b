// What sort, unique, min, max, groupby and dictsort share: keys of items and their order.
#pragma once

#include <vector>

#include "engine/text/jinja/operators.h"
#include "engine/text/jinja/value.h"

namespace hearth::jinja {

// item.a.b for the attribute "a.b"; a number is an index. Undefined when it is not there.
Result<Value> lookup_path(Runtime& runtime, const Value& item, const Value& path);

struct Keyed {
    Value key;
    Value item;
};

enum class Case : uint8_t { ignored, respected };

// Each item with its attribute as key, or itself when there is none. Texts are lowered when case
// is ignored.
Result<std::vector<Keyed>> with_keys(Runtime& runtime, const std::vector<Value>& items,
                                     const Value* attribute, Case letters);

// Sorts by key, keeping the order of equals; an error for keys Python does not order.
Result<void> sort_by_key(Runtime& runtime, std::vector<Keyed>& items, bool reverse);

// The argument `case_sensitive`.
Case case_argument(const Arguments& arguments, size_t index);

}  // namespace hearth::jinja
