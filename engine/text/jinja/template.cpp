#include "engine/text/jinja/template.h"

#include "engine/text/jinja/evaluator.h"
#include "engine/text/jinja/parser.h"

namespace hearth::jinja {

Result<Template> Template::parse(std::string_view source, const Limits& limits) {
    HEARTH_TRY(ast::Template parsed, parse_template(source, limits));
    return Template(std::move(parsed), limits);
}

Result<MarkedText> Template::render(const std::function<Variables(Heap&)>& make_variables,
                                    int64_t now) const {
    Runtime runtime(limits_, now);
    Evaluator evaluator(source_, runtime);
    for (const auto& [name, value] : make_variables(runtime.heap)) {
        evaluator.define_global(name, value);
    }
    return evaluator.run();
}

}  // namespace hearth::jinja
