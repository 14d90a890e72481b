// Keys: what a keyboard sends, decoded from bytes.
//
// Our own decoder and not ncurses' one: a sequence that terminfo does not know would come out as
// the keys it is written with, and would be typed; a paste has to arrive as one piece, or it could
// execute; and what readline is to see goes to it as the bytes that came.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

enum class KeyCode {
    text,     // printable characters, as typed: `bytes`
    control,  // Ctrl and a letter: `letter`; also Ctrl+@ \ ] ^ _
    alt,      // Alt and the key that `bytes` holds behind the escape
    enter,
    newline,  // Shift+Enter, Alt+Enter, Ctrl+Enter, Ctrl+J
    tab,
    back_tab,
    backspace,
    escape,
    up,
    down,
    left,
    right,
    home,
    end,
    page_up,
    page_down,
    insert,
    del,
    function,  // F1 to F12: `number`
    paste,     // bracketed: `bytes` is the text, line ends as \n, nothing executed
    focus_in,
    focus_out,
    wheel_up,
    wheel_down,
    other,  // a sequence nobody asked for: ignored
};

struct Key {
    KeyCode code = KeyCode::other;
    std::string bytes;  // as it came; of a paste only the text
    char letter = 0;    // control: 'a' to 'z'
    int number = 0;     // function
    bool shift = false;
    bool alt = false;
    bool ctrl = false;
};

class KeyDecoder {
  public:
    // A paste that never ends is cut here.
    static constexpr size_t kMaxPasteBytes = 64 << 20;

    // The keys that are complete now.
    std::vector<Key> feed(std::string_view bytes);

    // Whether a lone escape is held back: a key of its own, or the beginning of more that comes at
    // once. Call flush() when nothing came for kEscapeDelay.
    bool waiting() const { return !held_.empty() && !in_paste_; }
    std::vector<Key> flush();

  private:
    // Decodes one key of held_ from `begin`; 0 when it is not complete.
    size_t decode(size_t begin, std::vector<Key>& keys);
    size_t decode_escape(size_t begin, std::vector<Key>& keys);
    size_t decode_csi(size_t begin, std::vector<Key>& keys);
    size_t decode_paste(size_t begin, std::vector<Key>& keys);

    std::string held_;
    std::string paste_;
    bool in_paste_ = false;
    bool final_ = false;  // nothing more comes: decode what is there
};

// `pasted` with line ends as \n and without control characters other than \n and \t.
std::string clean_paste(std::string_view pasted);

}  // namespace hearth
