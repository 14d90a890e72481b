#include "app/ui/safe_text.h"

#include <fmt/format.h>

#include "engine/base/utf8.h"

namespace hearth {
namespace {

enum class Lines { kept, shown };

constexpr char32_t kControlPictures = 0x2400;  // U+2400 + c is the picture of the C0 control c
constexpr char32_t kDelete = 0x7F;
constexpr char32_t kDeletePicture = 0x2421;

bool in(char32_t value, char32_t low, char32_t high) {
    return low <= value && value <= high;
}

// Invisible code points that change how the text around them is read or hide text of their own.
// Joiners (U+200C, U+200D) and variation selectors stay: scripts and emoji need them.
bool is_deceptive(char32_t value) {
    return in(value, 0x80, 0x9F)            // C1 controls: 8-bit escape sequences
           || value == 0x061C               // Arabic letter mark
           || in(value, 0x200E, 0x200F)     // left-to-right and right-to-left marks
           || in(value, 0x2028, 0x202E)     // line, paragraph separator; bidi embeddings
           || in(value, 0x2066, 0x206F)     // bidi isolates; deprecated format characters
           || in(value, 0xFFF9, 0xFFFB)     // interlinear annotation
           || in(value, 0xE0000, 0xE007F);  // tag characters: text nobody sees
}

void append_safe(std::string& out, char32_t value, Lines lines) {
    const bool stays = (value == '\n' || value == '\t') && lines == Lines::kept;
    if (value < 0x20 && !stays) {
        append_utf8(out, kControlPictures + value);
    } else if (value == kDelete) {
        append_utf8(out, kDeletePicture);
    } else if (is_deceptive(value)) {
        out += fmt::format("<U+{:04X}>", static_cast<uint32_t>(value));
    } else {
        append_utf8(out, value);
    }
}

std::string filter(std::string_view text, Lines lines) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = decode_utf8(text);
        append_safe(out, point.value, lines);
        text.remove_prefix(point.bytes);
    }
    return out;
}

}  // namespace

SafeText safe_text(std::string_view text) {
    return SafeText(filter(text, Lines::kept));
}

SafeText safe_line(std::string_view text) {
    return SafeText(filter(text, Lines::shown));
}

}  // namespace hearth
