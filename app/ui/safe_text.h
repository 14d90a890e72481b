// SafeText: text that can do nothing to a terminal but appear on it.
//
// Model output, file names, metadata, titles and error messages are data: an escape sequence in
// them could write the clipboard, hide text or fake a prompt, and a bidi override reorders what a
// person reads. Whatever prints to a terminal takes a SafeText, and safe_text() is the only way to
// make one from text that somebody else wrote, so nothing unfiltered can get there.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace hearth {

class SafeText {
  public:
    SafeText() = default;
    const std::string& str() const { return text_; }
    SafeText& operator+=(const SafeText& more) {
        text_ += more.text_;
        return *this;
    }

    // Text that the program itself wrote, control sequences included (colours, "erase line").
    static SafeText literal(std::string_view ours) { return SafeText(std::string(ours)); }

  private:
    friend SafeText safe_text(std::string_view text);
    friend SafeText safe_line(std::string_view text);
    explicit SafeText(std::string text) : text_(std::move(text)) {}

    std::string text_;  // valid UTF-8
};

inline SafeText operator+(SafeText left, const SafeText& right) {
    left += right;
    return left;
}

// `text` with everything a terminal could obey shown instead of sent. Newline and tab stay; the
// other C0 controls and DEL become their Unicode pictures ("␛"); C1, bidi controls, line and
// paragraph separators and tag characters become "<U+202E>"; bad UTF-8 becomes U+FFFD.
// Works on pieces: safe_text(a) + safe_text(b) == safe_text(ab) where a ends on a character.
SafeText safe_text(std::string_view text);

// The same on one line: newline and tab are shown as pictures too. For names, titles and errors.
SafeText safe_line(std::string_view text);

}  // namespace hearth
