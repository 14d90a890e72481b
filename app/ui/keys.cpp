#include "app/ui/keys.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteEnd = "\x1b[201~";
constexpr size_t kMaxSequence = 64;  // longer ones are no keys

bool is_text(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f';
}

// Bytes of the UTF-8 character that begins with `lead`; 1 for what begins none.
size_t character_bytes(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

Key key(KeyCode code, std::string_view bytes) {
    Key one;
    one.code = code;
    one.bytes = bytes;
    return one;
}

Key control_key(char byte) {
    switch (byte) {
        case '\r':
            return key(KeyCode::enter, {&byte, 1});
        case '\n':
            return key(KeyCode::newline, {&byte, 1});
        case '\t':
            return key(KeyCode::tab, {&byte, 1});
        case '\b':
        case '\x7f':
            return key(KeyCode::backspace, {&byte, 1});
        default:
            break;
    }
    Key one = key(KeyCode::control, {&byte, 1});
    one.letter = static_cast<char>(byte + (byte >= 1 && byte <= 26 ? 0x60 : 0x40));
    return one;
}

// The letter that ends "CSI 1 ; modifiers X" and "SS3 X".
KeyCode code_of_letter(char letter) {
    switch (letter) {
        case 'A':
            return KeyCode::up;
        case 'B':
            return KeyCode::down;
        case 'C':
            return KeyCode::right;
        case 'D':
            return KeyCode::left;
        case 'H':
            return KeyCode::home;
        case 'F':
            return KeyCode::end;
        case 'Z':
            return KeyCode::back_tab;
        case 'I':
            return KeyCode::focus_in;
        case 'O':
            return KeyCode::focus_out;
        case 'P':
        case 'Q':
        case 'R':
        case 'S':
            return KeyCode::function;
        default:
            return KeyCode::other;
    }
}

// The number of "CSI number ~".
KeyCode code_of_number(int number) {
    switch (number) {
        case 1:
        case 7:
            return KeyCode::home;
        case 2:
            return KeyCode::insert;
        case 3:
            return KeyCode::del;
        case 4:
        case 8:
            return KeyCode::end;
        case 5:
            return KeyCode::page_up;
        case 6:
            return KeyCode::page_down;
        default:
            return number >= 11 && number <= 24 ? KeyCode::function : KeyCode::other;
    }
}

// F1 to F12 are 11-15, 17-21, 23, 24.
int function_number(int number) {
    return number - 10 - (number > 15 ? 1 : 0) - (number > 21 ? 1 : 0);
}

void set_modifiers(Key& one, int parameter) {
    const int bits = std::max(parameter - 1, 0);
    one.shift = (bits & 1) != 0;
    one.alt = (bits & 2) != 0;
    one.ctrl = (bits & 4) != 0;
}

// "CSI code ; modifiers u", and "CSI 27 ; modifiers ; code ~" of xterm's modifyOtherKeys.
Key unicode_key(int code, int modifiers, std::string_view bytes) {
    Key one = key(KeyCode::other, bytes);
    set_modifiers(one, modifiers);
    if (code == 13) one.code = one.shift || one.alt || one.ctrl ? KeyCode::newline : KeyCode::enter;
    if (code == 27) one.code = KeyCode::escape;
    if (code == 9) one.code = one.shift ? KeyCode::back_tab : KeyCode::tab;
    if (code == 127) one.code = KeyCode::backspace;
    if (code >= 'a' && code <= 'z' && one.ctrl && !one.alt) {
        return control_key(static_cast<char>(code - 'a' + 1));
    }
    if (code > ' ' && code < 127 && one.alt && !one.ctrl) {
        one.code = KeyCode::alt;
        one.bytes = {kEscape, static_cast<char>(code)};
    }
    return one;
}

struct Csi {
    std::array<int, 4> parameters{};
    size_t n = 0;
    bool is_private = false;  // begins with < = > ?
    char last = 0;
};

Csi parse_csi(std::string_view body) {
    Csi csi;
    csi.last = body.back();
    body.remove_suffix(1);
    if (!body.empty() && body[0] >= '<' && body[0] <= '?') {
        csi.is_private = true;
        body.remove_prefix(1);
    }
    bool any = false;
    for (const char c : body) {
        if (c >= '0' && c <= '9' && csi.n < csi.parameters.size()) {
            int& value = csi.parameters[csi.n];
            value = std::min(value * 10 + (c - '0'), 100'000);
            any = true;
        } else if (c == ';') {
            ++csi.n;
            any = false;
        }
    }
    if (any || csi.n > 0) ++csi.n;
    csi.n = std::min(csi.n, csi.parameters.size());
    return csi;
}

// SGR mouse reports: "CSI < button ; column ; row M".
Key mouse_key(const Csi& csi, std::string_view bytes) {
    if (csi.parameters[0] == 64) return key(KeyCode::wheel_up, bytes);
    if (csi.parameters[0] == 65) return key(KeyCode::wheel_down, bytes);
    return key(KeyCode::other, bytes);
}

Key csi_key(std::string_view bytes) {
    const Csi csi = parse_csi(bytes.substr(2));
    if (csi.is_private) {
        return csi.last == 'M' ? mouse_key(csi, bytes) : key(KeyCode::other, bytes);
    }
    const int first = csi.parameters[0];
    if (csi.last == 'u') return unicode_key(first, csi.parameters[1], bytes);
    if (csi.last == '~' && first == 27 && csi.n == 3) {
        return unicode_key(csi.parameters[2], csi.parameters[1], bytes);
    }
    Key one = key(KeyCode::other, bytes);
    set_modifiers(one, csi.parameters[1]);
    if (csi.last == '~') {
        one.code = code_of_number(first);
        if (one.code == KeyCode::function) one.number = function_number(first);
    } else {
        one.code = code_of_letter(csi.last);
        if (one.code == KeyCode::function) one.number = csi.last - 'P' + 1;
    }
    return one;
}

// The Linux console writes F1 to F5 as "CSI [ A" to "CSI [ E".
Key console_function_key(std::string_view bytes) {
    Key one = key(KeyCode::function, bytes);
    one.number = bytes[3] - 'A' + 1;
    return one;
}

}  // namespace

std::string clean_paste(std::string_view pasted) {
    std::string text;
    text.reserve(pasted.size());
    for (size_t i = 0; i < pasted.size(); ++i) {
        const char c = pasted[i];
        if (c == '\r') {
            text += '\n';
            if (i + 1 < pasted.size() && pasted[i + 1] == '\n') ++i;
        } else if (is_text(c) || c == '\n' || c == '\t') {
            text += c;
        }
    }
    return text;
}

std::vector<Key> KeyDecoder::feed(std::string_view bytes) {
    held_ += bytes;
    std::vector<Key> keys;
    size_t begin = 0;
    while (begin < held_.size()) {
        const size_t used = in_paste_ ? decode_paste(begin, keys) : decode(begin, keys);
        if (used == 0) break;
        begin += used;
    }
    held_.erase(0, begin);
    return keys;
}

std::vector<Key> KeyDecoder::flush() {
    final_ = true;
    std::vector<Key> keys = feed("");
    final_ = false;
    return keys;
}

size_t KeyDecoder::decode(size_t begin, std::vector<Key>& keys) {
    const std::string_view text = std::string_view(held_).substr(begin);
    if (text[0] == kEscape) return decode_escape(begin, keys);
    if (!is_text(text[0])) {
        keys.push_back(control_key(text[0]));
        return 1;
    }
    // Characters that came together are one key: fast typing and terminals without paste marks.
    size_t bytes = 0;
    while (bytes < text.size() && is_text(text[bytes])) {
        const size_t character = character_bytes(text[bytes]);
        if (bytes + character > text.size() && !final_) break;
        bytes += std::min(character, text.size() - bytes);
    }
    if (bytes > 0) keys.push_back(key(KeyCode::text, text.substr(0, bytes)));
    return bytes;
}

size_t KeyDecoder::decode_escape(size_t begin, std::vector<Key>& keys) {
    const std::string_view text = std::string_view(held_).substr(begin);
    if (text.size() == 1) {
        if (!final_) return 0;
        keys.push_back(key(KeyCode::escape, text));
        return 1;
    }
    if (text[1] == '[') return decode_csi(begin, keys);
    if (text[1] == 'O') {
        if (text.size() == 2 && !final_) return 0;
        if (text.size() > 2 && code_of_letter(text[2]) != KeyCode::other) {
            Key one = key(code_of_letter(text[2]), text.substr(0, 3));
            if (one.code == KeyCode::function) one.number = text[2] - 'P' + 1;
            keys.push_back(std::move(one));
            return 3;
        }
    }
    if (text[1] == kEscape) {  // two escapes are two keys
        keys.push_back(key(KeyCode::escape, text.substr(0, 1)));
        return 1;
    }
    const size_t character = character_bytes(text[1]);
    if (text.size() < 1 + character && !final_) return 0;
    const std::string_view whole = text.substr(0, 1 + character);
    const bool is_enter = text[1] == '\r' || text[1] == '\n';
    Key one = key(is_enter ? KeyCode::newline : KeyCode::alt, whole);
    one.alt = true;
    keys.push_back(std::move(one));
    return whole.size();
}

size_t KeyDecoder::decode_csi(size_t begin, std::vector<Key>& keys) {
    const std::string_view text = std::string_view(held_).substr(begin);
    if (text.size() >= 4 && text[2] == '[') {
        const bool known = text[3] >= 'A' && text[3] <= 'E';
        keys.push_back(known ? console_function_key(text.substr(0, 4))
                             : key(KeyCode::other, text.substr(0, 4)));
        return 4;
    }
    size_t end = 2;
    while (end < text.size() && text[end] >= 0x20 && text[end] <= 0x3F) ++end;
    if (end == text.size() || (text.size() == 3 && text[2] == '[')) {
        if (!final_ && text.size() < kMaxSequence) return 0;
        keys.push_back(key(KeyCode::other, text));
        return text.size();
    }
    if (text[end] < 0x40) {  // cut off by a control character, which is a key of its own
        keys.push_back(key(KeyCode::other, text.substr(0, end)));
        return end;
    }
    const std::string_view whole = text.substr(0, end + 1);
    if (whole == "\x1b[200~") {
        in_paste_ = true;
        paste_.clear();
    } else {
        keys.push_back(csi_key(whole));
    }
    return whole.size();
}

size_t KeyDecoder::decode_paste(size_t begin, std::vector<Key>& keys) {
    const std::string_view text = std::string_view(held_).substr(begin);
    const size_t end = text.find(kPasteEnd);
    if (end != std::string_view::npos) {
        paste_ += text.substr(0, end);
        in_paste_ = false;
        keys.push_back(key(KeyCode::paste, clean_paste(paste_)));
        paste_.clear();
        return end + kPasteEnd.size();
    }
    // The end mark may be cut in two.
    if (text.size() < kPasteEnd.size()) return 0;
    const size_t sure = text.size() - (kPasteEnd.size() - 1);
    if (paste_.size() < kMaxPasteBytes) paste_ += text.substr(0, sure);
    return sure;
}

}  // namespace hearth
