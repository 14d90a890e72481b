// Screen: the chat on a whole terminal. It owns what is seen: transcript, composer, status, boxes.
//
// Keys are shown at once; an answer at most every kFrame. What happens sets what is to be drawn,
// settle() draws it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/event_loop.h"
#include "app/ui/composer_box.h"
#include "app/ui/dashboard.h"
#include "app/ui/engine_view.h"
#include "app/ui/keys.h"
#include "app/ui/list_box.h"
#include "app/ui/plan_view.h"
#include "app/ui/terminal.h"
#include "app/ui/text_page.h"
#include "app/ui/transcript_view.h"
#include "app/ui/user_interface.h"

namespace hearth {

class Screen final : public UserInterface {
  public:
    static constexpr auto kFrame = std::chrono::milliseconds(50);
    static constexpr auto kNumbersHold = std::chrono::milliseconds(100);

    struct Setup {
        std::string history_file;  // "" = none
        std::string editor;        // $VISUAL or $EDITOR, "" = none
        std::string draft_folder;  // where its file goes
        bool rail = true;
        bool slow_line = false;  // over SSH: draws the engine's numbers half as often
    };
    // `monitor` outlives it.
    static Result<std::unique_ptr<Screen>> create(std::unique_ptr<Terminal> terminal,
                                                  const EngineMonitor& monitor, Setup setup);

    std::vector<int> input_fds() const override;
    std::vector<UserAction> read() override;
    std::vector<UserAction> interrupted() override { return {Stop{}}; }
    void settle() override;

    void preparing(const ModelChoice& model) override;
    void measuring_begun() override;
    void measuring(const PlanProgress& progress) override;
    void ask_pack(const PackOffer& offer) override;
    void models(std::span<const ModelListing> listed) override;

    void loading(const LoadProgress& progress) override;
    void ready(const ModelReady& ready, const Chat& chat) override;
    void turn_begun() override;
    void reading(const PrefillProgress& progress) override;
    void answering(const AnswerText& piece) override;
    void turn_ended(const AnswerDone& done) override;
    void turn_failed() override;
    void priced(const Price& price) override;

    void opened() override;
    void show_all() override;
    void queued(std::string_view text) override;
    void preset(std::string text) override;

    void note(std::string_view text) override;
    void error(const Error& error) override;
    void page(std::string_view title, std::string_view text) override;
    void conversations(std::span<const ConversationSummary> summaries) override;
    void found(std::span<const SearchHit> hits) override;
    void ask_overflow(size_t prompt_tokens, size_t n_ctx) override;
    void show_dashboard(int page, const HistoryRows& history) override;
    void toggle_rail() override;
    void use_theme(const Theme& theme) override;

    void resized() override;
    void suspend() override;
    void resume() override;
    void close() override;

  private:
    using Clock = std::chrono::steady_clock;
    enum class Focus { composer, transcript, search };

    Screen(std::unique_ptr<Terminal> terminal, const EngineMonitor& monitor, TimerFd timer,
           Setup setup);

    // screen_keys.cpp
    void on_key(const Key& key);
    void on_focused_key(const Key& key);
    bool on_box_key(const Key& key);
    void on_dashboard_key(const Key& key);
    bool on_global_key(const Key& key);
    void on_function_key(int number);
    void on_escape();
    void on_interrupt();
    void on_composer_key(const Key& key);
    void on_transcript_key(const Key& key);
    void on_transcript_text(const Key& key);
    void on_transcript_letter(char letter);
    void on_search_key(const Key& key);
    void on_enter();
    void complete();
    void edit_message(MessageId message);
    void edit_last_said();
    void edit_outside_screen();
    void copy(MessageId message);
    void swipe(int step);
    void run(Verb verb, std::string argument = "");

    // screen_lists.cpp
    void choose_from_list();
    void open_palette();
    void open_help();

    // screen_draw.cpp
    void draw();
    // While only an answer grows they are read every kNumbersHold, else at once.
    const DashboardData& engine_numbers();
    void draw_transcript(Canvas& canvas, const Area& area);
    void draw_header(Canvas& canvas);
    void draw_status(Canvas& canvas, size_t row);
    void draw_hints(Canvas& canvas, size_t row) const;
    void draw_composer(Canvas& canvas, const Area& area);
    void draw_boxes(Canvas& canvas, const Area& area);
    void draw_too_small(Canvas& canvas) const;
    std::vector<StyledLine> words(size_t columns) const;
    std::vector<StyledLine> intro(size_t columns) const;

    // screen.cpp
    void ask_price_later();
    std::optional<std::chrono::milliseconds> clock_period() const;
    void set_timer();
    const Message* find(MessageId message) const;

    std::unique_ptr<Terminal> terminal_;
    const EngineMonitor& monitor_;
    TimerFd timer_;
    Setup setup_;
    KeyDecoder decoder_;
    ComposerBox composer_;
    TranscriptView transcript_;
    ModelChoice choice_;     // the model that is used, or on its way
    bool is_ready_ = false;  // it can be talked with
    const ModelReady* model_ = nullptr;
    const Chat* chat_ = nullptr;  // once the first model is loaded

    Focus focus_ = Focus::composer;
    std::optional<PlanView> plan_;
    std::optional<ListBox> list_;
    std::optional<TextPage> page_;
    Dashboard dashboard_;
    bool dashboard_open_ = false;
    bool rail_ = true;
    HistoryRows history_;
    ProcessSampler process_;
    EngineView view_;        // as it is drawn
    DashboardData numbers_;  // likewise, of the rail and the dashboard
    Clock::time_point numbers_read_{};
    std::string search_;                // being typed
    std::optional<MessageId> editing_;  // Enter says this one differently
    std::optional<Price> price_;
    std::string queued_;
    std::vector<Span> notes_;        // the latest words of the program
    bool interrupted_once_ = false;  // Ctrl+C with nothing to stop

    std::vector<UserAction> actions_;  // of the input that is being read
    bool dirty_ = true;                // draw at once
    bool grown_ = false;               // draw with the next frame
    bool closed_ = false;
    bool lost_ = false;  // the terminal is gone
    std::chrono::milliseconds period_{0};
    Clock::time_point drawn_{};
    std::optional<Clock::time_point> price_due_;
    Clock::time_point last_escape_{};
    Clock::time_point last_input_{};
};

}  // namespace hearth
