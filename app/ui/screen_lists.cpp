// What the Screen lets choose from: commands, help, conversations, models, answers to questions.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "app/memory_budget.h"
#include "app/progress.h"
#include "app/ui/screen.h"
#include "app/ui/status_line.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

struct KeyHelp {
    std::string_view keys;
    std::string_view what;
};
constexpr auto kKeyHelp = std::to_array<KeyHelp>({
    {"Enter", "send; during an answer: queue one message"},
    {"Alt+Enter, Ctrl+J, \\ Enter", "a new line"},
    {"Esc", "stop and keep the answer; close what is open"},
    {"Esc Esc", "say your last message differently"},
    {"Ctrl+C", "stop; clear the text; twice: leave"},
    {"Ctrl+D", "leave, when nothing is typed"},
    {"Ctrl+Z", "suspend"},
    {"PgUp, PgDn, Shift+↑↓", "scroll; End follows again"},
    {"← →", "other answers, past the last: a new one"},
    {"F2, F3", "the engine in numbers; a rail beside the chat"},
    {"F5", "another answer"},
    {"F4", "conversations"},
    {"F7", "another model"},
    {"Ctrl+P, F10", "commands"},
    {"Ctrl+R, Up, Down", "what was typed before"},
    {"Ctrl+G", "write in $EDITOR"},
    {"Ctrl+L", "draw anew"},
    {"Tab", "complete a command; with nothing typed: walk through the messages"},
});

}  // namespace

void Screen::choose_from_list() {
    const ListItem item = list_->chosen();
    list_.reset();
    if (item.action) actions_.push_back(*item.action);
    if (!item.preset.empty()) composer_.set(item.preset);
}

void Screen::open_palette() {
    std::vector<ListItem> items;
    for (const SlashCommand& command : slash_commands()) {
        if (command.help.empty()) continue;
        ListItem item{fmt::format("{} {}", command.name, command.argument),
                      std::string(command.help)};
        if (command.argument.empty() || command.argument.starts_with('[')) {
            item.action = SlashLine{command.verb, ""};
        } else {
            item.preset = fmt::format("{} ", command.name);
        }
        items.push_back(std::move(item));
    }
    list_.emplace("commands", std::move(items));
}

void Screen::open_help() {
    std::vector<ListItem> items;
    for (const KeyHelp& one : kKeyHelp) {
        items.push_back({std::string(one.keys), std::string(one.what)});
    }
    open_palette();
    ListBox& commands = *list_;
    for (const ListItem& item : commands.items()) items.push_back(item);
    list_.emplace("help", std::move(items));
    dirty_ = true;
}

void Screen::conversations(std::span<const ConversationSummary> summaries) {
    std::vector<ListItem> items;
    for (const ConversationSummary& one : summaries) {
        const std::string id = fmt::format("{}", number(one.conversation.id));
        const std::string& title = one.conversation.title;
        items.push_back({fmt::format("{:>4}  {}", id, title.empty() ? "untitled" : title),
                         fmt::format("{} messages  {}", one.messages, one.preview),
                         Say{"/open " + id}});
    }
    list_.emplace("conversations", std::move(items));
    dirty_ = true;
}

void Screen::found(std::span<const SearchHit> hits) {
    std::vector<ListItem> items;
    for (const SearchHit& hit : hits) {
        const std::string id = fmt::format("{}", number(hit.conversation.id));
        items.push_back({fmt::format("{:>4}  {}", id, hit.conversation.title), hit.excerpt,
                         Say{"/open " + id}});
    }
    list_.emplace("found", std::move(items));
    dirty_ = true;
}

void Screen::ask_overflow(size_t prompt_tokens, size_t n_ctx) {
    const std::string text = fmt::format(
        "Your message makes a prompt of {} tokens, and the context holds {}. What is to be done?",
        grouped(prompt_tokens), grouped(n_ctx));
    list_.emplace(
        "the context is full", Question{text},
        std::vector<ListItem>{
            {"send without the oldest", "they stay here; your message is sent whole",
             SlashLine{Verb::shift, ""}},
            {"sum up the oldest", "the model writes it, you see it, and it is sent for them",
             SlashLine{Verb::compact, ""}},
            {"take my message back", "to shorten it", SlashLine{Verb::undo, ""}},
            {"begin a new conversation", "this one stays as it is",
             SlashLine{Verb::new_conversation, ""}}});
    dirty_ = true;
}

void Screen::ask_pack(const PackOffer& offer) {
    std::string text = fmt::format(
        "This model does not fit in memory. What it needs now and then can be read from a pack, a "
        "file of its neurons in the order of their use:\n\n  size   {}{}\n  place  {}\n  time   "
        "about {} to write, once",
        format_bytes(offer.bytes),
        offer.free_bytes ? fmt::format(", of {} that are free", format_bytes(*offer.free_bytes))
                         : std::string(),
        printable_path(offer.path), format_seconds(offer.seconds));
    if (!offer.is_sensible()) text += "\n\nThe disk would be nearly full.";
    std::vector<ListItem> answers{
        {"write the pack", fmt::format("expected {}", speed(offer.tokens_per_second)),
         DecidePack{true}},
        {"go without",
         offer.speed_without
             ? fmt::format("expected {}; hearth pack writes it later", speed(*offer.speed_without))
             : "nothing else fits this memory: it may fail",
         DecidePack{false}}};
    if (!offer.is_sensible()) std::swap(answers[0], answers[1]);
    list_.emplace("write a pack?", Question{text, DecidePack{false}}, std::move(answers));
    dirty_ = true;
}

void Screen::models(std::span<const ModelListing> listed) {
    std::vector<ListItem> items;
    for (const ModelListing& one : listed) {
        items.push_back({one.file.file_name(), describe(one), Say{"/model " + one.file.path}});
    }
    list_.emplace("models", std::move(items));
    dirty_ = true;
}

}  // namespace hearth
