#include "engine/text/jinja/json.h"

#include <algorithm>
#include <cmath>

#include "engine/base/utf8.h"

namespace hearth::jinja {

namespace {

class JsonWriter {
  public:
    JsonWriter(Writer& writer, const JsonStyle& style) : writer_(writer), style_(style) {}

    Result<void> write(const Value& value);

  private:
    void write_text(const MarkedText& text);
    std::string escape(const CodePoint& point) const;
    Result<void> write_list(const List& list);
    Result<void> write_dict(const Dict& dict);
    Result<void> write_key(const Value& key);
    Result<void> not_serializable(const Value& value) const {
        return make_error(ErrorCode::bad_file, "Object of type {} is not JSON serializable",
                          type_name(value));
    }
    void open(char bracket) {
        writer_.write(std::string_view(&bracket, 1));
        ++level_;
    }
    void separate(bool first) {
        if (!first) writer_.write(style_.item_separator);
        break_line();
    }
    void close(char bracket, bool empty) {
        --level_;
        if (!empty) break_line();
        writer_.write(std::string_view(&bracket, 1));
    }
    void break_line() {
        if (!style_.indent) return;
        writer_.write("\n");
        for (size_t i = 0; i < level_; ++i) writer_.write(*style_.indent);
    }

    Writer& writer_;
    const JsonStyle& style_;
    size_t level_ = 0;
};

std::string JsonWriter::escape(const CodePoint& point) const {
    switch (point.value) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '\b':
            return "\\b";
        case '\f':
            return "\\f";
        default:
            break;
    }
    const auto code = static_cast<uint32_t>(point.value);
    if (code < 0x20) return fmt::format("\\u{:04x}", code);
    if (!style_.ensure_ascii || code < 0x80) return {};
    if (code < 0x10000) return fmt::format("\\u{:04x}", code);
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((code - 0x10000) >> 10),
                       0xDC00 + ((code - 0x10000) & 0x3FF));
}

void JsonWriter::write_text(const MarkedText& text) {
    const std::string_view view = text.text();
    writer_.budget().walk(view.size());
    writer_.write("\"");
    size_t begin = 0;  // of the bytes that need no escape
    for (size_t at = 0; at < view.size() && writer_.budget().ok();) {
        const CodePoint point = decode_utf8(view.substr(at));
        const std::string escaped = escape(point);
        if (!escaped.empty()) {
            writer_.write(text, begin, at);
            writer_.write(escaped, text.origin_at(at));
            begin = at + point.bytes;
        }
        at += point.bytes;
    }
    writer_.write(text, begin, view.size());
    writer_.write("\"");
}

Result<void> JsonWriter::write_list(const List& list) {
    open('[');
    for (size_t i = 0; i < list.items.size() && writer_.budget().ok(); ++i) {
        separate(i == 0);
        HEARTH_TRY_VOID(write(list.items[i]));
    }
    close(']', list.items.empty());
    return {};
}

Result<void> JsonWriter::write_key(const Value& key) {
    if (as_text(key) != nullptr) return write(key);
    if (!as_number(key) && !is_none(key)) {
        return make_error(ErrorCode::bad_file, "keys must be str, int, float, bool or None, not {}",
                          type_name(key));
    }
    writer_.write("\"");
    HEARTH_TRY_VOID(write(key));
    writer_.write("\"");
    return {};
}

Result<void> JsonWriter::write_dict(const Dict& dict) {
    auto entries = dict.entries;
    if (style_.sort_keys) {
        Result<void> sorted;
        std::stable_sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) {
            const auto order = compare(writer_.budget(), a.first, b.first, "<");
            if (!order) sorted = tl::unexpected(order.error());
            return order.value_or(0) < 0;
        });
        HEARTH_TRY_VOID(std::move(sorted));
    }
    open('{');
    for (size_t i = 0; i < entries.size() && writer_.budget().ok(); ++i) {
        separate(i == 0);
        HEARTH_TRY_VOID(write_key(entries[i].first));
        writer_.write(style_.key_separator);
        HEARTH_TRY_VOID(write(entries[i].second));
    }
    close('}', entries.empty());
    return {};
}

Result<void> JsonWriter::write(const Value& value) {
    const Nesting nesting(writer_.budget());
    if (!writer_.budget().spend()) return {};
    if (const MarkedText* text = as_text(value)) {
        write_text(*text);
    } else if (is_none(value)) {
        writer_.write("null");
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        writer_.write(*flag ? "true" : "false");
    } else if (const auto* real = std::get_if<double>(&value)) {
        writer_.write(std::isnan(*real)   ? "NaN"
                      : std::isinf(*real) ? (*real < 0 ? "-Infinity" : "Infinity")
                                          : float_repr(*real));
    } else if (std::holds_alternative<int64_t>(value)) {
        writer_.write_str(value);
    } else if (const Dict* dict = as_dict(value)) {
        return write_dict(*dict);
    } else if (const List* list = as_list(value); list && list->kind != List::Kind::generator) {
        return write_list(*list);
    } else {
        return not_serializable(value);
    }
    return {};
}

}  // namespace

Result<void> write_json(Writer& writer, const Value& value, const JsonStyle& style) {
    return JsonWriter(writer, style).write(value);
}

}  // namespace hearth::jinja
