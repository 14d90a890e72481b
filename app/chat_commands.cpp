// What a person can do in a chat: talk, walk the tree of messages, and slash commands.
#include <algorithm>
#include <charconv>
#include <utility>

#include "app/chat_controller.h"
#include "app/config_theme.h"
#include "app/transcript.h"
#include "app/turn_summary.h"

namespace hearth {
namespace {

constexpr size_t kListed = 200;
constexpr std::string_view kStillLoading = "the model is still loading";

std::string show_setting(const Setting& setting, const Options& options) {
    return fmt::format("  {:<19}{:<12}{}\n", setting.name, setting.show(options), setting.help);
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

}  // namespace

// --- which conversation --------------------------------------------------------------------------

Result<void> ChatController::open_first_conversation() {
    if (!arguments_.open.empty()) {
        HEARTH_TRY(const Conversation asked, store_.conversations().find(arguments_.open));
        return open_conversation(asked);
    }
    if (!arguments_.character.empty()) return begin_character(arguments_.character);
    if (!arguments_.start_new) {
        HEARTH_TRY(const auto latest, store_.conversations().latest());
        if (latest && latest->leaf) return open_conversation(*latest);
    }
    face_.note("a new conversation; /help lists what you can do");
    face_.opened();
    return {};
}

Result<void> ChatController::open_conversation(const Conversation& conversation) {
    HEARTH_TRY_VOID(chat_->open(conversation));
    face_.note(
        fmt::format("continuing {} · /new begins another", quoted_title(conversation).str()));
    face_.opened();
    if (chat_->messages().empty()) return {};
    const Message& last = chat_->messages().back();
    if (last.role == Role::user) {
        face_.note("this was not answered yet: /continue answers it");
    } else if (last.stop_reason == kInterrupted) {
        face_.note("this answer was interrupted: /continue goes on, /regen begins anew");
    }
    return {};
}

// --- actions -------------------------------------------------------------------------------------

void ChatController::act(const UserAction& action) {
    if (leaving_) return;
    const auto done = std::visit([this](const auto& one) { return execute(one); }, action);
    if (!done) face_.error(done.error());
}

Result<void> ChatController::begun(Result<void> turn) {
    HEARTH_TRY_VOID(std::move(turn));
    if (!chat_->busy()) return {};
    save_timer_.start(Chat::kSaveInterval);
    monitor_.begin_turn(Clock::now());
    face_.turn_begun();
    return {};
}

Result<void> ChatController::execute(const Say& say) {
    if (!is_slash_command(say.text)) {
        const bool escaped = say.text.starts_with("//");
        return execute(SayLiterally{escaped ? say.text.substr(1) : say.text});
    }
    HEARTH_TRY(const SlashLine command, parse_slash_command(say.text));
    return execute(command);
}

Result<void> ChatController::execute(const SayLiterally& say) {
    if (is_blank(say.text)) return {};
    if (!is_ready() || chat_->busy()) {
        queued_ = say.text;
        face_.queued(*queued_);
        return {};
    }
    HEARTH_TRY(std::vector<Part> files, take_files(say.text));
    const auto sent = begun(chat_->send(say.text, std::move(files)));
    if (sent) return {};
    return tl::unexpected(Error{sent.error().code, "not saved: " + sent.error().message});
}

Result<void> ChatController::execute(const Edit& edit) {
    if (is_blank(edit.text)) return {};
    if (!is_ready()) return make_error(ErrorCode::usage, "{}", kStillLoading);
    return begun(chat_->edit(edit.message, edit.text));
}

Result<void> ChatController::execute(const Swipe& swipe) {
    HEARTH_TRY(const bool moved, chat_->swipe(swipe.message, swipe.step));
    if (moved) {
        face_.opened();
        return {};
    }
    return swipe.step < 0 ? Result<void>() : execute(Again{swipe.message});
}

Result<void> ChatController::execute(const Again& again) {
    if (!is_ready()) return make_error(ErrorCode::usage, "{}", kStillLoading);
    return begun(chat_->regenerate(again.message));
}

Result<void> ChatController::execute(const Fork& fork) {
    HEARTH_TRY(const Conversation copy, chat_->fork(fork.message));
    face_.note(fmt::format("a copy to go on with: {}; the other one stays as it was",
                           quoted_title(copy).str()));
    face_.opened();
    return {};
}

Result<void> ChatController::execute(const AskPrice& ask) {
    if (is_ready() && !chat_->busy()) chat_->ask_price(ask.draft);
    return {};
}

Result<void> ChatController::execute(const Stop&) {
    if (!is_ready()) {
        stop_preparing();
    } else if (chat_->busy()) {
        chat_->stop();
    }
    return {};
}

Result<void> ChatController::execute(const Suspend&) {
    suspend();
    return {};
}

Result<void> ChatController::execute(const Leave&) {
    quit(kExitDone);
    return {};
}

// --- slash commands ------------------------------------------------------------------------------

Result<void> ChatController::execute(const SlashLine& command) {
    const bool engine_free = command.verb == Verb::quit || command.verb == Verb::help;
    if (!is_ready() && !engine_free) return make_error(ErrorCode::usage, "{}", kStillLoading);
    if (chat_ && chat_->busy() && !may_run_while_busy(command.verb)) {
        return make_error(ErrorCode::usage, "an answer is being written (Esc or Ctrl+C stops it)");
    }
    switch (command.verb) {
        case Verb::help:
            face_.page("help", slash_help());
            return {};
        case Verb::new_conversation:
            chat_->start_new();
            face_.note("a new conversation");
            face_.opened();
            return {};
        case Verb::list:
            return list(command.argument);
        case Verb::open: {
            HEARTH_TRY(const Conversation found, store_.conversations().find(command.argument));
            return open_conversation(found);
        }
        case Verb::show:
            face_.show_all();
            return {};
        case Verb::title:
            return rename(command.argument);
        case Verb::undo:
            return undo();
        case Verb::regenerate:
            return begun(chat_->regenerate(std::nullopt));
        case Verb::continue_answer:
            return begun(chat_->continue_answer());
        case Verb::swipe:
            return swipe_last(command.argument);
        case Verb::fork:
            if (chat_->messages().empty()) {
                return make_error(ErrorCode::usage, "there is nothing to copy yet");
            }
            return execute(Fork{chat_->messages().back().id});
        case Verb::shift:
            return shift();
        case Verb::compact:
            return compact(command.argument);
        case Verb::search:
            return search(command.argument);
        case Verb::dashboard:
            return show_dashboard(command.argument);
        case Verb::rail:
            face_.toggle_rail();
            return {};
        case Verb::theme:
            return use_theme(command.argument);
        case Verb::model:
            return choose_model(command.argument);
        case Verb::system:
            return system(command.argument);
        case Verb::character:
            return command.argument.empty() ? tell_character() : begin_character(command.argument);
        case Verb::persona:
            return persona(command.argument);
        case Verb::note:
            return author_note(command.argument);
        case Verb::lore:
            return lore();
        case Verb::read:
            return read(command.argument);
        case Verb::glob:
            return glob(command.argument);
        case Verb::save:
            return save_code(command.argument);
        case Verb::set:
            return set(command.argument);
        case Verb::stats:
            return command.argument == "ui" ? show_dashboard("5") : stats();
        case Verb::quit:
            quit(kExitDone);
            return {};
    }
    return {};
}

Result<void> ChatController::list(const std::string& words) {
    HEARTH_TRY(auto summaries, store_.conversations().list(kListed));
    std::erase_if(summaries, [&](const ConversationSummary& one) {
        return one.conversation.title.find(words) == std::string::npos &&
               one.preview.find(words) == std::string::npos;
    });
    face_.conversations(summaries);
    return {};
}

Result<void> ChatController::search(const std::string& words) {
    HEARTH_TRY(const auto hits, store_.search().find(words, SearchFilter{kListed, ""}));
    face_.found(hits);
    return {};
}

Result<void> ChatController::shift() {
    HEARTH_TRY(const size_t left_out, chat_->leave_out_oldest());
    face_.note(
        fmt::format("the first {} messages are not sent any more; they stay here", left_out));
    face_.opened();
    const Message& last = chat_->messages().back();
    const bool waits = last.role == Role::user || last.state == MessageState::failed;
    return waits ? begun(chat_->continue_answer()) : Result<void>();
}

Result<void> ChatController::compact(const std::string& focus) {
    HEARTH_TRY(const size_t n, chat_->summarise_oldest(focus));
    face_.note(fmt::format("summing up the first {} messages (Esc or Ctrl+C leaves it)", n));
    return begun({});
}

Result<void> ChatController::show_dashboard(const std::string& page) {
    HistoryRows history;
    HEARTH_TRY(history.days, store_.run_stats().summary(GroupBy::day, 0));
    HEARTH_TRY(history.plans, store_.run_stats().summary(GroupBy::plan, 0));
    int number = 0;
    std::from_chars(page.data(), page.data() + page.size(), number);
    face_.show_dashboard(number, history);
    return {};
}

Result<void> ChatController::use_theme(const std::string& name) {
    if (!name.empty()) options_.theme = name;
    HEARTH_TRY(const Theme theme, load_theme(options_.theme, *program_.data_dir));
    face_.use_theme(theme);
    return {};
}

Result<void> ChatController::rename(const std::string& title) {
    HEARTH_TRY_VOID(chat_->rename(title));
    face_.note("now " + quoted_title(*chat_->conversation()).str());
    return {};
}

Result<void> ChatController::undo() {
    HEARTH_TRY(std::string text, chat_->undo());
    face_.opened();
    face_.note("taken back; Enter sends it again");
    face_.preset(std::move(text));
    return {};
}

Result<void> ChatController::swipe_last(const std::string& step) {
    if (chat_->messages().empty()) {
        return make_error(ErrorCode::usage, "there is no answer to swipe");
    }
    const Message& last = chat_->messages().back();
    if (step == "+" || step == "-") return execute(Swipe{last.id, step == "+" ? 1 : -1});
    const Variants variants = chat_->variants(last.id);
    size_t wanted = 0;
    std::from_chars(step.data(), step.data() + step.size(), wanted);
    if (wanted < 1 || wanted > variants.count) {
        return make_error(ErrorCode::usage, "/swipe takes +, - or a number from 1 to {}",
                          variants.count);
    }
    const auto distance = static_cast<int>(wanted) - static_cast<int>(variants.index) - 1;
    return distance == 0 ? Result<void>() : execute(Swipe{last.id, distance});
}

Result<void> ChatController::system(const std::string& text) {
    if (!text.empty()) chat_->set_system(text == "off" ? "" : text);
    const std::string now = chat_->system();
    face_.note(now.empty() ? "no system prompt" : "system prompt: " + now);
    return {};
}

Result<void> ChatController::set(const std::string& argument) {
    const size_t space = argument.find(' ');
    const std::string name = argument.substr(0, space);
    if (name.empty()) {
        std::string all;
        for (const Setting& setting : all_settings()) {
            if (setting.in_chat) all += show_setting(setting, options_);
        }
        face_.page("settings", all);
        return {};
    }
    const Setting* setting = find_setting(name);
    if (setting == nullptr || !setting->in_chat) {
        std::vector<std::string_view> names;
        for (const Setting& one : all_settings()) {
            if (one.in_chat) names.push_back(one.name);
        }
        return make_error(ErrorCode::usage, "/set: these can be set: {}", fmt::join(names, ", "));
    }
    if (space != std::string::npos) {
        const size_t value = argument.find_first_not_of(' ', space);
        HEARTH_TRY_VOID(assign(
            options_, {setting, {argument.substr(value)}, "/set " + name, ErrorCode::usage}));
    }
    if (name == "theme") return use_theme(options_.theme);
    face_.note(fmt::format("{} = {}: {}", setting->name, setting->show(options_), setting->help));
    return {};
}

Result<void> ChatController::stats() {
    if (!chat_->last_stats()) {
        return make_error(ErrorCode::usage, "no answer was written in this session yet");
    }
    face_.page("the last answer", turn_details(*chat_->last_stats()));
    return {};
}

}  // namespace hearth
