// Tests: {{ value is name(arguments) }}.
#pragma once

#include <string_view>

#include "engine/text/jinja/value.h"

namespace hearth::jinja {

using Test = Result<bool> (*)(Runtime& runtime, const Value& value, const Arguments& arguments);

// nullptr when there is no such test.
Test find_test(std::string_view name);

}  // namespace hearth::jinja
