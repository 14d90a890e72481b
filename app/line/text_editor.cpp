#include "app/line/text_editor.h"

// readline's headers want stdio's FILE.
#include <cstdio>
//
#include <readline/readline.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "engine/base/check.h"

namespace hearth {
namespace {

// Where readline's callbacks, which have no context argument, find the editor.
std::deque<char>* waiting_input = nullptr;
std::function<void(char*)> on_line_read;

int next_byte(FILE*) {
    if (waiting_input->empty()) return EOF;
    const auto byte = static_cast<unsigned char>(waiting_input->front());
    waiting_input->pop_front();
    return byte;
}

// Up and Down at the edge of the text search the history for what was typed so far. Whoever bound
// them otherwise in ~/.inputrc keeps that.
void bind_history_search() {
    const auto rebind = [](const char* keys, rl_command_func_t* from, rl_command_func_t* to) {
        if (rl_function_of_keyseq(keys, nullptr, nullptr) == from) rl_bind_keyseq(keys, to);
    };
    rebind("\x1b[A", rl_get_previous_history, rl_history_search_backward);
    rebind("\x1b[B", rl_get_next_history, rl_history_search_forward);
}

}  // namespace

TextEditor::TextEditor(std::string history_file, std::function<void(std::string)> on_enter)
    : history_(std::move(history_file)), on_enter_(std::move(on_enter)) {
    HEARTH_CHECK(waiting_input == nullptr);
    waiting_input = &input_;
    on_line_read = [this](char* line) { take(line); };
    rl_readline_name = "hearth";  // for `$if hearth` in ~/.inputrc
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_getc_function = next_byte;
    rl_input_available_hook = [] { return waiting_input->empty() ? 0 : 1; };
    rl_redisplay_function = [] {};
    rl_prep_term_function = [](int) {};
    rl_deprep_term_function = [] {};
    rl_attempted_completion_function = [](const char*, int, int) -> char** {
        rl_attempted_completion_over = 1;
        return nullptr;
    };
    rl_variable_bind("enable-bracketed-paste", "off");
    rl_variable_bind("bell-style", "none");
    rl_initialize();
    bind_history_search();
    rl_callback_handler_install("", [](char* line) { on_line_read(line); });
}

TextEditor::~TextEditor() {
    rl_callback_handler_remove();
    on_line_read = nullptr;
    waiting_input = nullptr;
}

void TextEditor::feed(std::string_view bytes) {
    input_.insert(input_.end(), bytes.begin(), bytes.end());
    while (!input_.empty()) rl_callback_read_char();
}

void TextEditor::insert(std::string_view text) {
    rl_begin_undo_group();
    rl_insert_text(std::string(text).c_str());
    rl_end_undo_group();
}

void TextEditor::replace(std::string_view text) {
    rl_begin_undo_group();
    rl_delete_text(0, rl_end);
    rl_point = 0;
    rl_insert_text(std::string(text).c_str());
    rl_end_undo_group();
}

std::string_view TextEditor::text() const {
    return {rl_line_buffer, static_cast<size_t>(rl_end)};
}

size_t TextEditor::cursor() const {
    return static_cast<size_t>(rl_point);
}

void TextEditor::move_cursor(size_t byte) {
    rl_point = static_cast<int>(std::min(byte, static_cast<size_t>(rl_end)));
}

std::string_view TextEditor::prompt() const {
    const bool asks = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG);
    return asks && rl_display_prompt != nullptr ? rl_display_prompt : "";
}

bool TextEditor::wants_escape() const {
    if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH)) return true;
    return rl_editing_mode == 0 && rl_get_keymap() == vi_insertion_keymap;
}

void TextEditor::take(char* line) {
    if (line == nullptr) return;  // Ctrl+D does not get here: the screen decides what it does
    std::string text(line);
    std::free(line);
    on_enter_(std::move(text));
}

}  // namespace hearth
