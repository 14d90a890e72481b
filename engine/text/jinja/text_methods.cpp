// Methods of str.
#include <algorithm>

#include "engine/base/utf8.h"
#include "engine/text/jinja/methods.h"
#include "engine/text/jinja/text_tools.h"
#include "engine/text/jinja/unicode.h"

namespace hearth::jinja {

namespace {

// The text argument at `index`; nullptr when it is absent or None.
Result<const MarkedText*> optional_text(const Arguments& arguments, size_t index,
                                        std::string_view name) {
    const Value* value = arguments.find(index, name);
    if (value == nullptr || is_none(*value)) return nullptr;
    return require_text(*value, name);
}

Result<const MarkedText*> text_argument(const Arguments& arguments, size_t index,
                                        std::string_view name) {
    const Value* value = arguments.find(index, name);
    if (value == nullptr) return make_error(ErrorCode::bad_file, "missing argument '{}'", name);
    return require_text(*value, name);
}

Result<int64_t> optional_integer(const Arguments& arguments, size_t index, std::string_view name,
                                 int64_t fallback) {
    const Value* value = arguments.find(index, name);
    if (value == nullptr) return fallback;
    return require_integer(*value, name);
}

template <Side side>
Result<Value> strip_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("strip()", 1));
    HEARTH_TRY(const MarkedText* characters, optional_text(arguments, 0, "chars"));
    return strip(runtime, self, side, characters);
}

Result<Value> split_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("split()", 2, {"sep", "maxsplit"}));
    HEARTH_TRY(const MarkedText* separator, optional_text(arguments, 0, "sep"));
    HEARTH_TRY(const int64_t splits_max, optional_integer(arguments, 1, "maxsplit", -1));
    HEARTH_TRY(auto parts, split(runtime, *as_text(self), separator, splits_max));
    return runtime.heap.list(std::move(parts));
}

Result<Value> rsplit_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("rsplit()", 2, {"sep", "maxsplit"}));
    HEARTH_TRY(const MarkedText* separator, optional_text(arguments, 0, "sep"));
    HEARTH_TRY(const int64_t splits_max, optional_integer(arguments, 1, "maxsplit", -1));
    HEARTH_TRY(auto parts, split_from_right(runtime, *as_text(self), separator, splits_max));
    return runtime.heap.list(std::move(parts));
}

Result<Value> splitlines_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("splitlines()", 0));
    return runtime.heap.list(split_lines(runtime, *as_text(self)));
}

// partition(sep): before, separator, after. `from_right` is rpartition.
template <bool from_right>
Result<Value> partition_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("partition()", 1));
    HEARTH_TRY(const MarkedText* separator, text_argument(arguments, 0, "sep"));
    const auto cut = from_right ? split_from_right : split;
    HEARTH_TRY(auto parts, cut(runtime, *as_text(self), separator, 1));
    if (parts.size() == 2) {
        parts.insert(parts.begin() + 1, separator);
    } else {
        const Value nothing = runtime.heap.text({}, Origin::markup);
        parts.insert(from_right ? parts.begin() : parts.end(), 2, nothing);
    }
    return runtime.heap.list(std::move(parts), List::Kind::tuple);
}

// startswith and endswith take a text or a tuple of them.
template <bool at_start>
Result<Value> affix_method(Runtime&, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect(at_start ? "startswith()" : "endswith()", 1));
    const std::string_view text = as_text(self)->text();
    const auto matches = [text](const MarkedText& affix) {
        if (affix.size() > text.size()) return false;
        return text.substr(at_start ? 0 : text.size() - affix.size(), affix.size()) == affix.text();
    };
    const Value* affixes = arguments.find(0, "prefix");
    if (affixes == nullptr) return make_error(ErrorCode::bad_file, "missing argument 'prefix'");
    if (const List* list = as_list(*affixes)) {
        for (const Value& affix : list->items) {
            HEARTH_TRY(const MarkedText* part, require_text(affix, "prefix"));
            if (matches(*part)) return true;
        }
        return false;
    }
    HEARTH_TRY(const MarkedText* affix, require_text(*affixes, "prefix"));
    return matches(*affix);
}

template <bool at_start>
Result<Value> remove_affix_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY(const Value matches, affix_method<at_start>(runtime, self, arguments));
    if (!truth(matches)) return self;
    HEARTH_TRY(const MarkedText* affix, text_argument(arguments, 0, "prefix"));
    const MarkedText& text = *as_text(self);
    return runtime.heap.text(at_start ? text.slice(affix->size(), text.size())
                                      : text.slice(0, text.size() - affix->size()));
}

Result<Value> replace_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("replace()", 3));
    HEARTH_TRY(const MarkedText* from, text_argument(arguments, 0, "old"));
    HEARTH_TRY(const MarkedText* to, text_argument(arguments, 1, "new"));
    HEARTH_TRY(const int64_t count, optional_integer(arguments, 2, "count", -1));
    return replace(runtime, self, *from, *to, count);
}

template <ChangeCharacter change>
Result<Value> case_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("the method", 0));
    return change_characters(runtime, *as_text(self), change);
}

// The position in characters, -1 when absent.
Result<Value> find_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("find()", 1));
    HEARTH_TRY(const MarkedText* part, text_argument(arguments, 0, "sub"));
    const std::string_view text = as_text(self)->text();
    runtime.budget.search(text.size());
    const size_t found = find_part(text, part->text());
    if (found == std::string_view::npos) return int64_t{-1};
    return static_cast<int64_t>(count_characters(text.substr(0, found)));
}

Result<Value> rfind_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("rfind()", 1));
    HEARTH_TRY(const MarkedText* part, text_argument(arguments, 0, "sub"));
    const std::string_view text = as_text(self)->text();
    constexpr size_t kFirstWindow = 256;
    size_t found = std::string_view::npos;
    // Ever longer ends of the text, until one holds the part; then the last of those in it.
    size_t begin = text.size();
    for (size_t window = part->size() + kFirstWindow;
         found == std::string_view::npos && begin > 0 && runtime.budget.search(window);
         window *= 2) {
        begin = text.size() - std::min(window, text.size());
        found = find_part(text, part->text(), begin);
    }
    if (text.empty() && part->empty()) found = 0;
    if (found == std::string_view::npos) return int64_t{-1};
    for (size_t next = found;
         next != std::string_view::npos && runtime.budget.scan(part->size() + kFirstWindow);
         next = find_part(text, part->text(), next + 1)) {
        found = next;
    }
    runtime.budget.scan(found);
    return static_cast<int64_t>(count_characters(text.substr(0, found)));
}

Result<Value> count_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("count()", 1));
    HEARTH_TRY(const MarkedText* part, text_argument(arguments, 0, "sub"));
    const std::string_view text = as_text(self)->text();
    if (part->empty()) return static_cast<int64_t>(count_characters(text) + 1);
    runtime.budget.search(text.size());
    int64_t n = 0;
    for (size_t at = find_part(text, part->text());
         at != std::string_view::npos && runtime.budget.spend();
         at = find_part(text, part->text(), at + part->size())) {
        ++n;
    }
    return n;
}

Result<Value> join_method(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("join()", 1));
    if (arguments.positional.empty()) {
        return make_error(ErrorCode::bad_file, "join() takes exactly one argument (0 given)");
    }
    HEARTH_TRY(const auto items, iterate(runtime, arguments.positional[0]));
    for (size_t i = 0; i < items.size(); ++i) {
        if (as_text(items[i]) != nullptr) continue;
        return make_error(ErrorCode::bad_file, "sequence item {}: expected str instance, {} found",
                          i, type_name(items[i]));
    }
    return join(runtime, items, *as_text(self));
}

// isdigit and the like: every character fulfils `is`, and there is one.
template <bool (*is)(char32_t)>
Result<Value> every_character(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("the method", 0));
    std::string_view text = as_text(self)->text();
    runtime.budget.walk(text.size());
    if (text.empty()) return false;
    while (!text.empty()) {
        const CodePoint point = decode_utf8(text);
        if (!is(point.value)) return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

bool is_letter_or_digit(char32_t c) {
    return is_letter(c) || is_digit(c);
}

// isupper, islower: no character of the other case, and one of this.
template <bool upper>
Result<Value> case_is(Runtime& runtime, const Value& self, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("the method", 0));
    std::string_view text = as_text(self)->text();
    runtime.budget.walk(text.size());
    bool seen = false;
    while (!text.empty()) {
        const CodePoint point = decode_utf8(text);
        if (upper ? is_lower(point.value) : is_upper(point.value)) return false;
        seen = seen || (upper ? is_upper(point.value) : is_lower(point.value));
        text.remove_prefix(point.bytes);
    }
    return seen;
}

constexpr Method kMethods[] = {
    {"split", split_method},
    {"strip", strip_method<Side::both>},
    {"lstrip", strip_method<Side::left>},
    {"rstrip", strip_method<Side::right>},
    {"startswith", affix_method<true>},
    {"endswith", affix_method<false>},
    {"replace", replace_method},
    {"upper", case_method<upper_character>},
    {"lower", case_method<lower_character>},
    {"title", case_method<title_method_character>},
    {"capitalize", case_method<capitalize_character>},
    {"find", find_method},
    {"rfind", rfind_method},
    {"count", count_method},
    {"join", join_method},
    {"splitlines", splitlines_method},
    {"rsplit", rsplit_method},
    {"partition", partition_method<false>},
    {"rpartition", partition_method<true>},
    {"removeprefix", remove_affix_method<true>},
    {"removesuffix", remove_affix_method<false>},
    {"isdigit", every_character<is_digit>},
    {"isnumeric", every_character<is_digit>},
    {"isdecimal", every_character<is_digit>},
    {"isalpha", every_character<is_letter>},
    {"isalnum", every_character<is_letter_or_digit>},
    {"isspace", every_character<is_space>},
    {"isupper", case_is<true>},
    {"islower", case_is<false>},
};

}  // namespace

std::span<const Method> text_methods() {
    return kMethods;
}

}  // namespace hearth::jinja
