// UserInterface: the seam between a chat and the person.
//
// The controller (chat_controller.h) tells what happens; the face shows it its way. The face tells
// what the person did, as values; the controller does it. Three faces: Screen (ncurses, redraws),
// LineInterface (readline, only appends), Headless (JSON lines, for tests and other programs). A
// face never calls the engine or the store; it reads the Chat it was given.
//
// Everything here happens on the one UI thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/chat.h"
#include "app/model_list.h"
#include "app/slash_commands.h"
#include "app/ui/theme.h"
#include "app/worker.h"
#include "planner/pack_offer.h"
#include "planner/progress.h"
#include "storage/conversations.h"
#include "storage/run_stats.h"
#include "storage/search.h"

namespace hearth {

// --- what the person did -------------------------------------------------------------------------

// Entered: a message, or a command when it is one line that begins with a slash.
struct Say {
    std::string text;
};
// Entered with nothing about it meant as a command: a paste, several lines.
struct SayLiterally {
    std::string text;
};
// Another text in the place of a message of the person: a branch beside it.
struct Edit {
    MessageId message{};
    std::string text;
};
// The next (+1) or previous (-1) answer beside this one; past the last one, a new one.
struct Swipe {
    MessageId message{};
    int step = 1;
};
// Another answer in the place of this one, on a branch beside it.
struct Again {
    MessageId message{};
};
// A new conversation that begins like this one, up to a message.
struct Fork {
    MessageId message{};
};
// The draft changed: tell what sending it would cost.
struct AskPrice {
    std::string draft;
};
// What ask_pack() asked.
struct DecidePack {
    bool write = false;
};
// What the engine does is to end at once: measuring, loading, reading, answering.
struct Stop {};
struct Suspend {};
struct Leave {};

using UserAction = std::variant<Say, SayLiterally, SlashLine, Edit, Swipe, Again, Fork, AskPrice,
                                DecidePack, Stop, Suspend, Leave>;

// --- what happens --------------------------------------------------------------------------------

// What the composer's text would cost.
struct Price {
    size_t prompt_tokens = 0;
    size_t tokens_to_read = 0;  // the rest is reused
};

// Past answers by day and by plan.
struct HistoryRows {
    std::vector<StatsRow> days;
    std::vector<StatsRow> plans;
};

class UserInterface {
  public:
    virtual ~UserInterface() = default;

    // --- input -----------------------------------------------------------------------------------
    // What to wait for now; asked again after everything that happened.
    virtual std::vector<int> input_fds() const = 0;
    // One of them can be read.
    virtual std::vector<UserAction> read() = 0;
    // SIGINT came: Ctrl+C where the terminal makes a signal of it.
    virtual std::vector<UserAction> interrupted() = 0;

    // Everything that happened has been told: show it, and wait for the person.
    virtual void settle() = 0;

    // --- the model -------------------------------------------------------------------------------
    // The way of a model: it is chosen; where no plan is kept for it, the machine and the model are
    // measured; it is loaded; it is ready. Another one may follow.
    virtual void preparing(const ModelChoice& model) = 0;
    virtual void measuring_begun() = 0;
    virtual void measuring(const PlanProgress& progress) = 0;
    // Whether a pack is to be written: DecidePack answers, and planning waits for it.
    virtual void ask_pack(const PackOffer& offer) = 0;
    // Models were asked for, to choose from.
    virtual void models(std::span<const ModelListing> listed) = 0;

    // --- the engine ------------------------------------------------------------------------------
    virtual void loading(const LoadProgress& progress) = 0;
    // `chat` and `ready` live as long as the face; of another model they are the same objects.
    virtual void ready(const ModelReady& ready, const Chat& chat) = 0;
    // An answer begins: the last message of the chat grows until turn_ended().
    virtual void turn_begun() = 0;
    virtual void reading(const PrefillProgress& progress) = 0;
    virtual void answering(const AnswerText& piece) = 0;
    virtual void turn_ended(const AnswerDone& done) = 0;
    // It ended with an error, which error() has told.
    virtual void turn_failed() = 0;
    virtual void priced(const Price& price) = 0;

    // --- the conversation ------------------------------------------------------------------------
    // The chat shows another conversation, or another branch of it.
    virtual void opened() = 0;
    // The whole conversation was asked for, from its beginning.
    virtual void show_all() = 0;
    // A message that waits for the end of the answer; "" = none.
    virtual void queued(std::string_view text) = 0;
    // Puts a text into the composer.
    virtual void preset(std::string text) = 0;

    // --- words -----------------------------------------------------------------------------------
    virtual void note(std::string_view text) = 0;
    virtual void error(const Error& error) = 0;
    // Several lines that were asked for: /help, /stats.
    virtual void page(std::string_view title, std::string_view text) = 0;
    virtual void conversations(std::span<const ConversationSummary> summaries) = 0;
    virtual void found(std::span<const SearchHit> hits) = 0;
    // The prompt does not fit the context, and the person is to decide what happens.
    virtual void ask_overflow(size_t prompt_tokens, size_t n_ctx) = 0;
    // The engine's numbers were asked for; `page` from 1, 0 = the one that was shown last.
    virtual void show_dashboard(int page, const HistoryRows& history) = 0;
    virtual void toggle_rail() = 0;
    virtual void use_theme(const Theme& theme) = 0;

    // --- the terminal ----------------------------------------------------------------------------
    virtual void resized() = 0;
    virtual void suspend() = 0;
    virtual void resume() = 0;
    // The last thing a face is told; a full-screen one gives the screen back here.
    virtual void close() = 0;
};

}  // namespace hearth
