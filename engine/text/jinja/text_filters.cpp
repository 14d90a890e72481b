// Filters whose input or result is a text or a number.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/text/jinja/filters.h"
#include "engine/text/jinja/json.h"
#include "engine/text/jinja/text_tools.h"
#include "engine/text/jinja/unicode.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

namespace {

Result<Value> trim_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("trim", 1, {"chars"}));
    const Value* chars = arguments.find(0, "chars");
    const MarkedText* characters = nullptr;
    if (chars != nullptr && !is_none(*chars)) {
        HEARTH_TRY(characters, require_text(*chars, "chars"));
    }
    return strip(runtime, to_str(runtime, input), Side::both, characters);
}

template <ChangeCharacter change>
Result<Value> case_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("the filter", 0));
    return change_characters(runtime, *as_text(to_str(runtime, input)), change);
}

Result<Value> replace_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("replace", 3, {"old", "new", "count"}));
    const Value* from = arguments.find(0, "old");
    const Value* to = arguments.find(1, "new");
    if (from == nullptr || to == nullptr) {
        return make_error(ErrorCode::bad_file, "replace needs two arguments");
    }
    int64_t count = -1;
    if (const Value* limit = arguments.find(2, "count"); limit != nullptr && !is_none(*limit)) {
        HEARTH_TRY(count, require_integer(*limit, "count"));
    }
    return replace(runtime, to_str(runtime, input), *as_text(to_str(runtime, *from)),
                   *as_text(to_str(runtime, *to)), count);
}

Result<Value> string_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("string", 0));
    return to_str(runtime, input);
}

// `width` spaces, or the text given instead.
Result<MarkedText> indentation(Runtime& runtime, const Value* width) {
    if (width == nullptr) return MarkedText("    ", Origin::markup);
    if (const MarkedText* text = as_text(*width)) return *text;
    HEARTH_TRY(const int64_t n, require_integer(*width, "width"));
    const auto spaces = static_cast<uint64_t>(std::max<int64_t>(n, 0));
    if (!runtime.budget.reserve(spaces)) return MarkedText();
    return MarkedText(std::string(spaces, ' '), Origin::markup);
}

Result<Value> indent_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("indent", 3, {"width", "first", "blank"}));
    HEARTH_TRY(const MarkedText indent, indentation(runtime, arguments.find(0, "width")));
    const Value* first = arguments.find(1, "first");
    const Value* blank = arguments.find(2, "blank");
    // jinja2 appends a line end before it splits, so that an empty last line is kept.
    MarkedText text = *as_text(to_str(runtime, input));
    text.append("\n", Origin::markup);
    const std::vector<Value> lines = split_lines(runtime, text);
    Writer writer(runtime.budget);
    for (size_t i = 0; i < lines.size() && runtime.budget.ok(); ++i) {
        const MarkedText& line = *as_text(lines[i]);
        const bool indented = i == 0 ? first != nullptr && truth(*first)
                                     : !line.empty() || (blank != nullptr && truth(*blank));
        if (i > 0) writer.write("\n");
        if (indented) writer.write(indent);
        writer.write(line);
    }
    return runtime.heap.text(writer.take());
}

// json.dumps's indent: a count of spaces, or the text of one level.
Result<std::optional<std::string>> json_indent(const Value* indent) {
    constexpr int64_t kIndentMax = 256;
    if (indent == nullptr || is_none(*indent)) return std::nullopt;
    if (const MarkedText* text = as_text(*indent)) return text->text();
    HEARTH_TRY(const int64_t n, require_integer(*indent, "indent"));
    return std::string(static_cast<size_t>(std::clamp<int64_t>(n, 0, kIndentMax)), ' ');
}

Result<Value> tojson_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(
        arguments.expect("tojson", 4, {"ensure_ascii", "indent", "separators", "sort_keys"}));
    JsonStyle style;
    const Value* ascii = arguments.find(0, "ensure_ascii");
    style.ensure_ascii = ascii != nullptr && truth(*ascii);
    HEARTH_TRY(style.indent, json_indent(arguments.find(1, "indent")));
    if (style.indent) style.item_separator = ',';
    if (const Value* given = arguments.find(2, "separators"); given && !is_none(*given)) {
        HEARTH_TRY(const auto separators, iterate(runtime, *given));
        if (separators.size() != 2) {
            return make_error(ErrorCode::bad_file, "tojson: separators must be a pair");
        }
        HEARTH_TRY(const MarkedText* item, require_text(separators[0], "separators"));
        HEARTH_TRY(const MarkedText* key, require_text(separators[1], "separators"));
        style.item_separator = item->text();
        style.key_separator = key->text();
    }
    const Value* sort = arguments.find(3, "sort_keys");
    style.sort_keys = sort != nullptr && truth(*sort);
    Writer writer(runtime.budget);
    HEARTH_TRY_VOID(write_json(writer, input, style));
    return runtime.heap.text(writer.take());
}

Result<Value> from_json_filter(Runtime& runtime, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("from_json", 0));
    HEARTH_TRY(const MarkedText* text, require_text(input, "what from_json reads"));
    return parse_json(runtime, *text);
}

// The whole of `text` as a number, white space around it allowed.
template <typename T, typename... Base>
std::optional<T> parse_number(std::string_view text, Base... base) {
    text.remove_suffix(trailing_space(text));
    text.remove_prefix(leading_space(text));
    if (!text.empty() && text[0] == '+') text.remove_prefix(1);
    T value{};
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, base...);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<int64_t> truncate(double value) {
    if (!(std::abs(value) < 9.2e18)) return std::nullopt;
    return static_cast<int64_t>(value);
}

Result<Value> int_filter(Runtime&, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("int", 2, {"default", "base"}));
    const Value* fallback = arguments.find(0, "default");
    int64_t base = 10;
    if (const Value* given = arguments.find(1, "base")) {
        HEARTH_TRY(base, require_integer(*given, "base"));
    }
    if (base < 2 || base > 36) return make_error(ErrorCode::bad_file, "int: base {}", base);
    std::optional<int64_t> result;
    if (const auto number = as_number(input)) {
        result = number->integral ? number->integer : truncate(number->real);
    } else if (const MarkedText* text = as_text(input)) {
        result = parse_number<int64_t>(text->text(), static_cast<int>(base));
        if (!result) {
            if (const auto real = parse_number<double>(text->text())) result = truncate(*real);
        }
    }
    if (result) return *result;
    return fallback != nullptr ? *fallback : int64_t{0};
}

Result<Value> float_filter(Runtime&, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("float", 1, {"default"}));
    if (const auto number = as_number(input)) return number->real;
    if (const MarkedText* text = as_text(input)) {
        if (const auto real = parse_number<double>(text->text())) return *real;
    }
    const Value* fallback = arguments.find(0, "default");
    return fallback != nullptr ? *fallback : 0.0;
}

Result<Number> number_input(const Value& input, std::string_view filter) {
    if (const auto number = as_number(input)) return *number;
    if (const auto* undefined = std::get_if<Undefined>(&input)) {
        return make_error(ErrorCode::bad_file, "{}", undefined_words(*undefined));
    }
    return make_error(ErrorCode::bad_file, "{}: a number is needed, not {}", filter,
                      type_name(input));
}

Result<Value> abs_filter(Runtime&, const Value& input, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("abs", 0));
    HEARTH_TRY(const Number number, number_input(input, "abs"));
    if (!number.integral) return std::abs(number.real);
    if (number.integer == INT64_MIN) return make_error(ErrorCode::bad_file, "integer too large");
    return std::abs(number.integer);
}

// Python's round(): halves to even, of the exact value.
double round_decimal(double value, int64_t precision) {
    if (precision < 0) {
        const double scale = std::pow(10.0, static_cast<double>(-precision));
        return std::nearbyint(value / scale) * scale;
    }
    const std::string digits = fmt::format("{:.{}f}", value, precision);
    double rounded = value;
    std::from_chars(digits.data(), digits.data() + digits.size(), rounded);
    return rounded;
}

Result<Value> round_filter(Runtime&, const Value& input, const Arguments& arguments) {
    constexpr int64_t kPrecisionMax = 30;  // a double has 17 digits
    HEARTH_TRY_VOID(arguments.expect("round", 2, {"precision", "method"}));
    HEARTH_TRY(const Number number, number_input(input, "round"));
    int64_t precision = 0;
    if (const Value* given = arguments.find(0, "precision")) {
        HEARTH_TRY(precision, require_integer(*given, "precision"));
    }
    precision = std::clamp(precision, -kPrecisionMax, kPrecisionMax);
    std::string_view method = "common";
    if (const Value* given = arguments.find(1, "method")) {
        HEARTH_TRY(const MarkedText* name, require_text(*given, "method"));
        method = name->text();
    }
    if (method == "common") {
        if (!number.integral) return round_decimal(number.real, precision);
        if (precision >= 0) return number.integer;
        return truncate(round_decimal(number.real, precision)).value_or(number.integer);
    }
    const double scale = std::pow(10.0, static_cast<double>(precision));
    if (method == "ceil") return std::ceil(number.real * scale) / scale;
    if (method == "floor") return std::floor(number.real * scale) / scale;
    return make_error(ErrorCode::bad_file, "method must be common, ceil or floor");
}

constexpr std::pair<std::string_view, Filter> kFilters[] = {
    {"trim", trim_filter},
    {"lower", case_filter<lower_character>},
    {"upper", case_filter<upper_character>},
    {"title", case_filter<title_filter_character>},
    {"capitalize", case_filter<capitalize_character>},
    {"replace", replace_filter},
    {"string", string_filter},
    {"safe", string_filter},  // nothing is escaped, so that nothing is to be spared
    {"indent", indent_filter},
    {"tojson", tojson_filter},
    {"from_json", from_json_filter},
    {"int", int_filter},
    {"float", float_filter},
    {"abs", abs_filter},
    {"round", round_filter},
};

}  // namespace

Filter find_text_filter(std::string_view name) {
    for (const auto& [word, filter] : kFilters) {
        if (word == name) return filter;
    }
    return nullptr;
}

}  // namespace hearth::jinja
