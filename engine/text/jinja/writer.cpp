#include "engine/text/jinja/writer.h"

#include <cmath>

#include "engine/base/utf8.h"
#include "engine/text/jinja/unicode.h"

namespace hearth::jinja {

namespace {

// How repr() escapes `c`; empty when it shows it as it is.
std::string escape(char32_t c, char quote) {
    switch (c) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '\\':
            return "\\\\";
        default:
            break;
    }
    if (c == static_cast<unsigned char>(quote)) return {'\\', quote};
    if (is_printable(c)) return {};
    const auto code = static_cast<uint32_t>(c);
    if (code <= 0xFF) return fmt::format("\\x{:02x}", code);
    if (code <= 0xFFFF) return fmt::format("\\u{:04x}", code);
    return fmt::format("\\U{:08x}", code);
}

}  // namespace

std::string float_repr(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

void Writer::write_repr(const MarkedText& text) {
    const std::string_view view = text.text();
    budget_.walk(view.size());
    const bool has_single = view.find('\'') != std::string_view::npos;
    const char quote = has_single && view.find('"') == std::string_view::npos ? '"' : '\'';
    write(std::string_view(&quote, 1));
    size_t begin = 0;  // of the bytes that need no escape
    for (size_t at = 0; at < view.size() && budget_.ok();) {
        const CodePoint point = decode_utf8(view.substr(at));
        const std::string escaped = point.valid ? escape(point.value, quote) : std::string();
        if (!escaped.empty()) {
            write(text, begin, at);
            write(escaped, text.origin_at(at));
            begin = at + point.bytes;
        }
        at += point.bytes;
    }
    write(text, begin, view.size());
    write(std::string_view(&quote, 1));
}

void Writer::write_items(const std::vector<Value>& items) {
    for (size_t i = 0; i < items.size() && budget_.ok(); ++i) {
        if (i > 0) write(", ");
        write_repr(items[i]);
    }
}

void Writer::write_entries(const Dict& dict) {
    write("{");
    for (size_t i = 0; i < dict.entries.size() && budget_.ok(); ++i) {
        if (i > 0) write(", ");
        write_repr(dict.entries[i].first);
        write(": ");
        write_repr(dict.entries[i].second);
    }
    write("}");
}

void Writer::write_repr(const Value& value) {
    const Nesting nesting(budget_);
    if (!budget_.spend()) return;
    if (const MarkedText* text = as_text(value)) return write_repr(*text);
    if (is_undefined(value)) return write("Undefined");
    if (const List* list = as_list(value)) {
        const bool tuple = list->kind == List::Kind::tuple;
        write(tuple ? "(" : "[");
        write_items(list->items);
        return write(!tuple ? "]" : list->items.size() == 1 ? ",)" : ")");
    }
    if (const Dict* dict = as_dict(value)) return write_entries(*dict);
    write_str(value);
}

void Writer::write_str(const Value& value) {
    if (const MarkedText* text = as_text(value)) return write(*text);
    if (is_undefined(value)) return;
    if (is_none(value)) return write("None");
    if (const auto* flag = std::get_if<bool>(&value)) return write(*flag ? "True" : "False");
    if (const auto* integer = std::get_if<int64_t>(&value)) {
        return write(fmt::format("{}", *integer));
    }
    if (const auto* real = std::get_if<double>(&value)) return write(float_repr(*real));
    if (as_list(value) != nullptr || as_dict(value) != nullptr) return write_repr(value);
    write(fmt::format("<{}>", type_name(value)));
}

Value to_str(Runtime& runtime, const Value& value) {
    if (as_text(value) != nullptr) return value;
    Writer writer(runtime.budget);
    writer.write_str(value);
    return runtime.heap.text(writer.take());
}

}  // namespace hearth::jinja
