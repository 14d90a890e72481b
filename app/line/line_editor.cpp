#include "app/line/line_editor.h"

// readline's headers want stdio's FILE.
#include <cstdio>
//
#include <readline/readline.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "engine/base/check.h"

namespace hearth {
namespace {

// Where readline's callback, which has no context argument, finds the editor.
std::function<void(char*)> on_line_read;

// Where readline's completion finds what it may complete.
std::vector<std::string> completed_words;

// readline's generator: called with state 0 first, then until it returns nullptr.
char* next_completion(const char* typed, int state) {
    static size_t next = 0;
    if (state == 0) next = 0;
    while (next < completed_words.size()) {
        const std::string& word = completed_words[next++];
        if (word.starts_with(typed)) return ::strdup(word.c_str());
    }
    return nullptr;
}

// Words are completed at the beginning of a line; nothing, files included, anywhere else.
char** complete(const char* typed, int start, int) {
    rl_attempted_completion_over = 1;
    return start == 0 && *typed == '/' ? rl_completion_matches(typed, next_completion) : nullptr;
}

int insert_newline(int, int) {
    rl_insert_text("\n");
    return 0;
}

}  // namespace

LineEditor::LineEditor(std::string history_file, std::vector<std::string> words, Events events)
    : history_(std::move(history_file)), events_(std::move(events)) {
    HEARTH_CHECK(!on_line_read);
    on_line_read = [this](char* line) { take_line(line); };
    rl_readline_name = "hearth";  // for `$if hearth` in ~/.inputrc
    rl_catch_signals = 0;         // signals come through the event loop
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    completed_words = std::move(words);
    rl_attempted_completion_function = complete;
    rl_basic_word_break_characters = " ";
    rl_initialize();
    rl_bind_keyseq("\\e\\C-m", insert_newline);  // Alt+Enter
    rl_bind_keyseq("\\e\\C-j", insert_newline);
    rl_bind_keyseq("\\e[13;2u", insert_newline);  // Shift+Enter, where the terminal tells
    // The mode is set here once, not anew for every line.
    rl_prep_term_function = [](int) {};
    rl_deprep_term_function = [] {};
    rl_prep_terminal(1);
}

LineEditor::~LineEditor() {
    end();
    rl_deprep_terminal();
    on_line_read = nullptr;
}

void LineEditor::begin(const std::string& prompt) {
    prompt_ = prompt;
    editing_ = true;
    rl_callback_handler_install(prompt_.c_str(), [](char* line) { on_line_read(line); });
    if (!preset_.empty()) {
        rl_insert_text(std::exchange(preset_, "").c_str());
        rl_redisplay();
    }
}

void LineEditor::end() {
    if (editing_) rl_callback_handler_remove();
    editing_ = false;
}

void LineEditor::read() {
    rl_callback_read_char();
}

void LineEditor::take_line(char* line) {
    end();
    if (line == nullptr) return events_.on_end();
    std::string text(line);
    std::free(line);
    events_.on_line(std::move(text));
}

std::string LineEditor::text() const {
    return editing_ ? rl_line_buffer : "";
}

void LineEditor::abandon() {
    if (!editing_) return;
    rl_callback_sigcleanup();  // leaves a history search
    rl_free_line_state();
    rl_crlf();
    std::fflush(rl_outstream);
    end();
}

void LineEditor::resized() {
    rl_resize_terminal();
}

void LineEditor::suspend() {
    rl_deprep_terminal();
}

void LineEditor::resume() {
    rl_prep_terminal(1);
    if (editing_) {
        rl_on_new_line();
        rl_redisplay();
    }
}

}  // namespace hearth
