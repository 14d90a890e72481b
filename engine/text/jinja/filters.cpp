#include "engine/text/jinja/filters.h"

namespace hearth::jinja {

Filter find_filter(std::string_view name) {
    for (const auto find : {find_text_filter, find_list_filter, find_selection_filter}) {
        if (const Filter filter = find(name)) return filter;
    }
    return nullptr;
}

}  // namespace hearth::jinja
