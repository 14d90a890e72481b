// Template: a Jinja template, parsed once and rendered under a budget.
//
// The language is the part of jinja2 that chat templates use, set up as transformers does it:
// trim_blocks, lstrip_blocks, loop controls, tojson without HTML escapes, strftime_now,
// raise_exception, the tag `generation`. A template has no access to the host: no files, no
// imports, no attributes of the program.
#pragma once

#include <functional>
#include <string_view>

#include "engine/base/result.h"
#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/limits.h"
#include "engine/text/jinja/marked_text.h"
#include "engine/text/jinja/value.h"

namespace hearth::jinja {

using Variables = std::vector<std::pair<std::string_view, Value>>;

// Immutable; thread-safe.
class Template {
  public:
    // Errors end with " at line n, column m".
    static Result<Template> parse(std::string_view source, const Limits& limits = {});

    // `make_variables` makes the variables in the rendering's heap. `now` is for strftime_now.
    Result<MarkedText> render(const std::function<Variables(Heap&)>& make_variables,
                              int64_t now) const;

  private:
    Template(ast::Template source, const Limits& limits)
        : source_(std::move(source)), limits_(limits) {}

    ast::Template source_;
    Limits limits_;
};

}  // namespace hearth::jinja
