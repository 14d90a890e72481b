// What keys do on the Screen.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/ui/clipboard.h"
#include "app/ui/external_editor.h"
#include "app/ui/screen.h"

namespace hearth {
namespace {

constexpr auto kDoubleKey = std::chrono::milliseconds(600);

}  // namespace

void Screen::run(Verb verb, std::string argument) {
    actions_.push_back(SlashLine{verb, std::move(argument)});
}

void Screen::on_key(const Key& key) {
    dirty_ = true;
    const bool was_interrupted = interrupted_once_;
    interrupted_once_ = false;
    if (key.code == KeyCode::control && key.letter == 'z') {
        actions_.push_back(Suspend{});
        return;
    }
    if (on_box_key(key)) return;
    if (key.code == KeyCode::control && key.letter == 'c') {
        interrupted_once_ = was_interrupted;
        return on_interrupt();
    }
    if (!on_global_key(key)) on_focused_key(key);
}

void Screen::on_focused_key(const Key& key) {
    switch (focus_) {
        case Focus::composer:
            return on_composer_key(key);
        case Focus::transcript:
            return on_transcript_key(key);
        case Focus::search:
            return on_search_key(key);
    }
}

// --- boxes ---------------------------------------------------------------------------------------

bool Screen::on_box_key(const Key& key) {
    if (page_) {
        if (!page_->key(key)) page_.reset();
        return true;
    }
    if (dashboard_open_ && !list_) {
        on_dashboard_key(key);
        return true;
    }
    if (!list_) return false;
    switch (list_->key(key)) {
        case ListBox::Outcome::open:
            break;
        case ListBox::Outcome::closed:
            if (const auto answer = list_->when_closed()) actions_.push_back(*answer);
            list_.reset();
            break;
        case ListBox::Outcome::chosen:
            choose_from_list();
            break;
    }
    return true;
}

void Screen::on_dashboard_key(const Key& key) {
    switch (dashboard_.key(key)) {
        case Dashboard::Outcome::open:
            return;
        case Dashboard::Outcome::closed:
            dashboard_open_ = false;
            return;
        case Dashboard::Outcome::zero:
            return dashboard_.zero(monitor_.totals());
        case Dashboard::Outcome::glyphs:
            return terminal_->toggle_ascii();
        case Dashboard::Outcome::snapshot:
            break;
    }
    numbers_read_ = {};
    const auto written = write_dashboard(setup_.draft_folder, engine_numbers());
    if (!written) return page("not saved", written.error().message);
    page("saved", fmt::format("{0}.txt\n{0}.json", *written));
}

// --- everywhere ----------------------------------------------------------------------------------

bool Screen::on_global_key(const Key& key) {
    switch (key.code) {
        case KeyCode::function:
            on_function_key(key.number);
            return true;
        case KeyCode::page_up:
            transcript_.scroll_pages(-1);
            return true;
        case KeyCode::page_down:
            transcript_.scroll_pages(1);
            return true;
        case KeyCode::wheel_up:
            transcript_.scroll(-3);
            return true;
        case KeyCode::wheel_down:
            transcript_.scroll(3);
            return true;
        case KeyCode::up:
        case KeyCode::down:
            if (!key.shift) return false;
            transcript_.scroll(key.code == KeyCode::up ? -1 : 1);
            return true;
        case KeyCode::end:
            if (transcript_.following()) return false;
            transcript_.follow();
            return true;
        case KeyCode::escape:
            if (focus_ == Focus::composer && composer_.wants_escape()) return false;
            on_escape();
            return true;
        case KeyCode::control:
            break;
        default:
            return key.code == KeyCode::other;
    }
    switch (key.letter) {
        case 'l':
            terminal_->redraw();
            return true;
        case 'p':
            open_palette();
            return true;
        case 'g':
            edit_outside_screen();
            return true;
        default:
            return false;
    }
}

void Screen::on_function_key(int number) {
    if (number == 1) open_help();
    if (number == 2) {
        dashboard_open_ = true;  // for the keys that come with it
        run(Verb::dashboard);
    }
    if (number == 3) toggle_rail();
    if (number == 4) run(Verb::list);
    if (number == 5) {
        notes_.clear();
        run(Verb::regenerate);
    }
    if (number == 7) run(Verb::model);
    if (number == 10) open_palette();
}

void Screen::on_escape() {
    const auto now = Clock::now();
    const bool twice = now - last_escape_ < kDoubleKey;
    last_escape_ = now;
    if (chat_ == nullptr && !plan_) {
        note("Ctrl+C leaves");  // the Esc that skipped planning may come twice
    } else if (monitor_.busy()) {
        last_escape_ = {};  // the one that stops is not the first of two
        actions_.push_back(Stop{});
    } else if (focus_ != Focus::composer) {
        focus_ = Focus::composer;
        transcript_.choose_none();
    } else if (editing_) {
        editing_.reset();
        composer_.set("");
    } else if (!transcript_.searched().empty()) {
        transcript_.search("");
    } else if (twice) {
        edit_last_said();
    } else {
        notes_.clear();
    }
}

void Screen::on_interrupt() {
    if (monitor_.busy()) {
        actions_.push_back(Stop{});
    } else if (!composer_.empty()) {
        composer_.put_away();
        editing_.reset();
    } else if (interrupted_once_) {
        actions_.push_back(Leave{});
    } else {
        interrupted_once_ = true;
        note("Ctrl+C again leaves");
    }
}

// --- the composer --------------------------------------------------------------------------------

void Screen::on_composer_key(const Key& key) {
    const bool nothing_typed = composer_.empty() && composer_.prompt().empty();
    if (key.code == KeyCode::control && key.letter == 'd' && nothing_typed) {
        actions_.push_back(Leave{});
        return;
    }
    if (nothing_typed && (key.code == KeyCode::left || key.code == KeyCode::right)) {
        return swipe(key.code == KeyCode::left ? -1 : 1);
    }
    if (nothing_typed && key.code == KeyCode::text && key.bytes == "?") return open_help();
    if (key.code == KeyCode::enter) return on_enter();
    if (key.code == KeyCode::tab) return complete();
    if (const auto entered = composer_.key(key)) actions_.push_back(Say{entered->text});
    ask_price_later();
}

void Screen::on_enter() {
    const auto entered = composer_.enter();
    if (!entered) return;
    notes_.clear();
    transcript_.follow();
    if (editing_) {
        actions_.push_back(Edit{*editing_, entered->text});
        editing_.reset();
    } else if (entered->literal) {
        actions_.push_back(SayLiterally{entered->text});
    } else {
        actions_.push_back(Say{entered->text});
    }
}

void Screen::complete() {
    const std::string typed(composer_.text());
    if (typed.empty()) {
        focus_ = Focus::transcript;
        return transcript_.choose(0);
    }
    if (!is_slash_command(typed) || typed.find(' ') != std::string::npos) return;
    std::vector<std::string> fitting;
    for (const std::string& name : slash_names()) {
        if (name.starts_with(typed)) fitting.push_back(name);
    }
    if (fitting.empty()) return;
    std::string common = fitting.front();
    for (const std::string& name : fitting) {
        const auto [end, other] =
            std::mismatch(common.begin(), common.end(), name.begin(), name.end());
        common.erase(end, common.end());
    }
    if (fitting.size() == 1) common += ' ';
    composer_.set(common);
    if (fitting.size() > 1) note(fmt::format("{}", fmt::join(fitting, "  ")));
}

void Screen::edit_message(MessageId id) {
    const Message* message = find(id);
    if (message == nullptr || message->role != Role::user) {
        return note("only what you said can be said differently");
    }
    editing_ = id;
    composer_.set(message->content);
    focus_ = Focus::composer;
    transcript_.choose_none();
}

void Screen::edit_outside_screen() {
    if (setup_.editor.empty()) return note("set VISUAL or EDITOR to write in it");
    terminal_->suspend();
    const auto edited = edit_outside(setup_.editor, setup_.draft_folder, composer_.expanded());
    terminal_->resume();
    if (!edited) return error(edited.error());
    composer_.set(*edited);
}

void Screen::edit_last_said() {
    if (chat_ == nullptr) return;
    const std::vector<Message>& all = chat_->messages();
    const auto last = std::find_if(all.rbegin(), all.rend(),
                                   [](const Message& one) { return one.role == Role::user; });
    if (last != all.rend()) edit_message(last->id);
}

void Screen::swipe(int step) {
    if (chat_ == nullptr || chat_->messages().empty()) return;
    notes_.clear();
    const auto chosen = transcript_.chosen();
    actions_.push_back(Swipe{chosen.value_or(chat_->messages().back().id), step});
}

// --- the transcript ------------------------------------------------------------------------------

void Screen::on_transcript_key(const Key& key) {
    switch (key.code) {
        case KeyCode::up:
            return transcript_.choose(-1);
        case KeyCode::down:
            return transcript_.choose(1);
        case KeyCode::left:
            return swipe(-1);
        case KeyCode::right:
            return swipe(1);
        case KeyCode::home:
            return transcript_.to_top();
        case KeyCode::tab:
        case KeyCode::enter:
            focus_ = Focus::composer;
            return transcript_.choose_none();
        case KeyCode::text:
            return on_transcript_text(key);
        default:
            return;
    }
}

// Keys that came together: what stands behind one that leaves the transcript is for the new focus.
void Screen::on_transcript_text(const Key& key) {
    for (size_t i = 0; i < key.bytes.size(); ++i) {
        on_transcript_letter(key.bytes[i]);
        if (focus_ == Focus::transcript) continue;
        Key rest = key;
        rest.bytes.erase(0, i + 1);
        if (!rest.bytes.empty()) on_focused_key(rest);
        return;
    }
}

void Screen::on_transcript_letter(char letter) {
    const auto chosen = transcript_.chosen();
    switch (letter) {
        case 'j':
            return transcript_.choose(1);
        case 'k':
            return transcript_.choose(-1);
        case 'g':
            return transcript_.to_top();
        case 'G':
            return transcript_.follow();
        case 'e':
            if (chosen) edit_message(*chosen);
            return;
        case 'r':
            if (chosen) actions_.push_back(Again{*chosen});
            return;
        case 'c':
            return run(Verb::continue_answer);
        case 'f':
            if (chosen) actions_.push_back(Fork{*chosen});
            return;
        case 'u':
            return run(Verb::undo);
        case 't':
            return transcript_.toggle_thoughts();
        case 'y':
            if (chosen) copy(*chosen);
            return;
        case '/':
            search_.clear();
            focus_ = Focus::search;
            return;
        case 'n':
            return transcript_.next_found(1);
        case 'N':
            return transcript_.next_found(-1);
        case '?':
            return open_help();
        default:
            return;
    }
}

void Screen::on_search_key(const Key& key) {
    if (key.code == KeyCode::text) search_ += key.bytes;
    if (key.code == KeyCode::backspace && !search_.empty()) {
        while (search_.size() > 1 && (static_cast<unsigned char>(search_.back()) & 0xC0) == 0x80) {
            search_.pop_back();
        }
        search_.pop_back();
    }
    if (key.code != KeyCode::enter) return;
    const size_t found = transcript_.search(search_);
    note(found == 0 ? "not found" : fmt::format("{} lines · n N further · Esc ends", found));
    focus_ = Focus::transcript;
}

void Screen::copy(MessageId id) {
    const Message* message = find(id);
    if (message == nullptr) return;
    const auto sequence = copy_sequence(message->content);
    if (!sequence) return note("too long for the terminal's clipboard (hearth history export)");
    terminal_->send(*sequence);
    note("copied, where the terminal allows it (OSC 52)");
}

}  // namespace hearth
