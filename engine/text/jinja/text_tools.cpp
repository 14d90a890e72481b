#include "engine/text/jinja/text_tools.h"

#include <algorithm>

#include "engine/base/utf8.h"
#include "engine/text/jinja/unicode.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

namespace {

constexpr size_t kNowhere = std::string_view::npos;

// The length of the character that ends at `end`.
size_t last_character(std::string_view text, size_t end) {
    size_t begin = end - 1;
    while (begin > 0 && end - begin < 4 &&
           (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) {
        --begin;
    }
    return decode_utf8(text.substr(begin, end - begin)).bytes == end - begin ? end - begin : 1;
}

bool is_one_of(std::string_view character, std::string_view characters) {
    return find_part(characters, character) != kNowhere;
}

// Stripping pays for what it strips, character by character.
size_t strip_left(Budget& budget, std::string_view text, const MarkedText* characters) {
    if (characters == nullptr) return leading_space(text);
    size_t at = 0;
    while (at < text.size() && budget.search(characters->size())) {
        const size_t bytes = decode_utf8(text.substr(at)).bytes;
        if (!is_one_of(text.substr(at, bytes), characters->text())) break;
        at += bytes;
    }
    return at;
}

size_t strip_right(Budget& budget, std::string_view text, const MarkedText* characters) {
    if (characters == nullptr) return text.size() - trailing_space(text);
    size_t end = text.size();
    while (end > 0 && budget.search(characters->size())) {
        const size_t bytes = last_character(text, end);
        if (!is_one_of(text.substr(end - bytes, bytes), characters->text())) break;
        end -= bytes;
    }
    return end;
}

// Bytes of a line end at the start of `text`; 0 when there is none.
size_t line_end(std::string_view text) {
    if (text.substr(0, 2) == "\r\n") return 2;
    const CodePoint point = decode_utf8(text);
    const char32_t c = point.value;
    const bool ends = (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 ||
                      c == 0x2028 || c == 0x2029;
    return ends && point.valid ? point.bytes : 0;
}

std::vector<Value> split_by_space(Runtime& runtime, const MarkedText& text, int64_t splits_max) {
    std::vector<Value> parts;
    const std::string_view view = text.text();
    if (!runtime.budget.walk(view.size())) return parts;
    size_t at = leading_space(view);
    while (at < view.size() && runtime.budget.spend()) {
        if (splits_max >= 0 && parts.size() == static_cast<uint64_t>(splits_max)) {
            parts.push_back(runtime.heap.text(text.slice(at, view.size() - trailing_space(view))));
            break;
        }
        size_t end = at;
        while (end < view.size()) {
            const CodePoint point = decode_utf8(view.substr(end));
            if (point.valid && is_space(point.value)) break;
            end += point.bytes;
        }
        parts.push_back(runtime.heap.text(text.slice(at, end)));
        at = end + leading_space(view.substr(end));
    }
    return parts;
}

bool is_cased(char32_t c) {
    return c != 0 && (is_upper(c) || is_lower(c));
}

}  // namespace

Value strip(Runtime& runtime, const Value& text, Side side, const MarkedText* characters) {
    const MarkedText& whole = *as_text(text);
    const bool left = side != Side::right;
    const bool right = side != Side::left;
    const std::string_view view = whole.text();
    const size_t end = right ? strip_right(runtime.budget, view, characters) : view.size();
    const size_t begin = left ? strip_left(runtime.budget, view.substr(0, end), characters) : 0;
    if (!runtime.budget.walk(view.size() - (end - begin))) return text;
    if (begin == 0 && end == view.size()) return text;
    return runtime.heap.text(whole.slice(begin, end));
}

Value replace(Runtime& runtime, const Value& text, const MarkedText& from, const MarkedText& to,
              int64_t count) {
    const MarkedText& whole = *as_text(text);
    if (!runtime.budget.search(whole.size())) return text;
    const std::string_view view = whole.text();
    Writer writer(runtime.budget);
    size_t at = 0;
    for (size_t found = find_part(view, from.text()); found != kNowhere && count != 0;
         found = find_part(view, from.text(), found)) {
        if (!runtime.budget.spend()) break;
        writer.write(whole, at, found);
        writer.write(to);
        --count;
        at = found + from.size();
        found = at;
        if (from.empty()) {  // between all characters, as Python does
            if (at >= view.size()) break;
            found += decode_utf8(view.substr(at)).bytes;
        }
    }
    if (at == 0 && writer.text().empty()) return text;
    writer.write(whole, at, view.size());
    return runtime.heap.text(writer.take());
}

Result<std::vector<Value>> split(Runtime& runtime, const MarkedText& text,
                                 const MarkedText* separator, int64_t splits_max) {
    if (!runtime.budget.search(text.size())) return std::vector<Value>{};
    if (separator == nullptr) return split_by_space(runtime, text, splits_max);
    if (separator->empty()) return make_error(ErrorCode::bad_file, "empty separator");
    std::vector<Value> parts;
    size_t at = 0;
    while (runtime.budget.spend()) {
        const bool last = splits_max >= 0 && parts.size() == static_cast<uint64_t>(splits_max);
        const size_t found = last ? kNowhere : find_part(text.text(), separator->text(), at);
        parts.push_back(runtime.heap.text(text.slice(at, std::min(found, text.size()))));
        if (found == kNowhere) break;
        at = found + separator->size();
    }
    return parts;
}

Result<std::vector<Value>> split_from_right(Runtime& runtime, const MarkedText& text,
                                            const MarkedText* separator, int64_t splits_max) {
    HEARTH_TRY(std::vector<Value> parts, split(runtime, text, separator, -1));
    if (splits_max < 0 || parts.size() <= static_cast<uint64_t>(splits_max) + 1) return parts;
    // What precedes the last splits_max parts is one part: it ends where they begin.
    const size_t kept = static_cast<size_t>(splits_max);
    const size_t merged = parts.size() - kept;
    const std::string_view view = text.text();
    size_t end = separator == nullptr ? view.size() - trailing_space(view) : view.size();
    for (size_t i = parts.size(); i > merged; --i) {
        end -= as_text(parts[i - 1])->size();
        end -= separator == nullptr ? trailing_space(view.substr(0, end)) : separator->size();
    }
    const size_t begin = separator == nullptr ? leading_space(view) : 0;
    std::vector<Value> result{runtime.heap.text(text.slice(begin, end))};
    result.insert(result.end(), parts.begin() + static_cast<std::ptrdiff_t>(merged), parts.end());
    return result;
}

std::vector<Value> split_lines(Runtime& runtime, const MarkedText& text) {
    std::vector<Value> lines;
    const std::string_view view = text.text();
    if (!runtime.budget.walk(view.size())) return lines;
    size_t begin = 0;
    for (size_t at = 0; at < view.size() && runtime.budget.ok();) {
        const size_t end = line_end(view.substr(at));
        if (end == 0) {
            at += decode_utf8(view.substr(at)).bytes;
            continue;
        }
        runtime.budget.spend();
        lines.push_back(runtime.heap.text(text.slice(begin, at)));
        at += end;
        begin = at;
    }
    if (begin < view.size()) lines.push_back(runtime.heap.text(text.slice(begin, view.size())));
    return lines;
}

Value change_characters(Runtime& runtime, const MarkedText& text, ChangeCharacter change) {
    MarkedText result;
    if (!runtime.budget.walk(text.size())) return runtime.heap.text(std::move(result));
    char32_t previous = 0;
    text.for_each_run([&](std::string_view run, Origin origin) {
        std::string changed;
        while (!run.empty()) {
            const CodePoint point = decode_utf8(run);
            if (point.valid) {
                append_utf8(changed, change(point.value, previous));
                previous = point.value;
            } else {
                changed += run.substr(0, point.bytes);
            }
            run.remove_prefix(point.bytes);
        }
        result.append(changed, origin);
    });
    return runtime.heap.text(std::move(result));
}

Value join(Runtime& runtime, const std::vector<Value>& items, const MarkedText& separator) {
    Writer writer(runtime.budget);
    for (size_t i = 0; i < items.size() && runtime.budget.spend(); ++i) {
        if (i > 0) writer.write(separator);
        writer.write_str(items[i]);
    }
    return runtime.heap.text(writer.take());
}

char32_t lower_character(char32_t character, char32_t) {
    return to_lower(character);
}

char32_t upper_character(char32_t character, char32_t) {
    return to_upper(character);
}

char32_t capitalize_character(char32_t character, char32_t previous) {
    return previous == 0 ? to_title(character) : to_lower(character);
}

char32_t title_method_character(char32_t character, char32_t previous) {
    return is_cased(previous) ? to_lower(character) : to_title(character);
}

char32_t title_filter_character(char32_t character, char32_t previous) {
    const bool begins = previous == 0 || previous == '-' || previous == '(' || previous == '{' ||
                        previous == '[' || previous == '<' || is_space(previous);
    return begins ? to_upper(character) : to_lower(character);
}

}  // namespace hearth::jinja
