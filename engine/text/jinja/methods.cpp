#include "engine/text/jinja/methods.h"

#include <algorithm>

namespace hearth::jinja {

const Method* find_method(const Value& object, std::string_view name) {
    std::span<const Method> methods;
    if (as_text(object) != nullptr) methods = text_methods();
    if (as_dict(object) != nullptr) methods = dict_methods();
    if (const List* list = as_list(object); list != nullptr && list->kind == List::Kind::list) {
        methods = list_methods();
    }
    if (std::holds_alternative<Loop*>(object)) methods = loop_methods();
    const auto found = std::find_if(methods.begin(), methods.end(),
                                    [name](const Method& method) { return method.name == name; });
    return found == methods.end() ? nullptr : &*found;
}

}  // namespace hearth::jinja
