// Filters: {{ value | name(arguments) }}.
#pragma once

#include <string_view>

#include "engine/text/jinja/value.h"

namespace hearth::jinja {

using Filter = Native;

// nullptr when there is no such filter.
Filter find_filter(std::string_view name);

// The families, each in its own file; nullptr when it has no such filter.
Filter find_text_filter(std::string_view name);
Filter find_list_filter(std::string_view name);
Filter find_selection_filter(std::string_view name);

}  // namespace hearth::jinja
