#include "app/line/input_history.h"

// readline's headers want stdio's FILE.
#include <cstdio>
//
#include <readline/history.h>

#include <utility>

namespace hearth {
namespace {

constexpr int kHistoryLines = 1000;

}  // namespace

InputHistory::InputHistory(std::string file) : file_(std::move(file)) {
    history_comment_char = '#';  // with time stamps, entries of several lines stay whole
    history_write_timestamps = 1;
    history_multiline_entries = 1;
    using_history();
    stifle_history(kHistoryLines);
    if (!file_.empty()) read_history(file_.c_str());
}

void InputHistory::add(const std::string& text) {
    const HIST_ENTRY* last =
        history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
    if (text.empty() || (last != nullptr && text == last->line)) return;
    ::add_history(text.c_str());
    if (file_.empty()) return;
    // History that cannot be kept is not worth an error line in a conversation.
    if (append_history(1, file_.c_str()) == 0) {
        history_truncate_file(file_.c_str(), kHistoryLines);
    }
}

}  // namespace hearth
