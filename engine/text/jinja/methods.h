// Methods of values (text.split(), list.append(), dict.items(), loop.cycle()) and the global
// functions (range, namespace, dict, raise_exception, strftime_now).
#pragma once

#include <span>
#include <string_view>

#include "engine/text/jinja/value.h"

namespace hearth::jinja {

struct Method {
    const char* name;
    Native native;
};

// The method of `object`'s type; nullptr when it has none of this name.
const Method* find_method(const Value& object, std::string_view name);

// dict.update(): a dict or pairs, and keywords.
Result<void> update(Runtime& runtime, Dict& dict, const Arguments& arguments);

std::span<const Method> text_methods();
std::span<const Method> list_methods();
std::span<const Method> dict_methods();
std::span<const Method> loop_methods();
std::span<const Method> global_functions();

}  // namespace hearth::jinja
