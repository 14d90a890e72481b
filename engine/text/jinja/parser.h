// Parser: source to syntax tree.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/limits.h"

namespace hearth::jinja {

// Errors carry line and column. Nothing of `source` is kept.
Result<ast::Template> parse_template(std::string_view source, const Limits& limits);

}  // namespace hearth::jinja
