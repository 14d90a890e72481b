// LineInterface: the chat on a terminal, line by line. Nothing is redrawn and nothing scrolls away,
// so it works in every terminal, over slow connections and with screen readers.
#pragma once

#include <string>
#include <vector>

#include "app/commands/commands.h"
#include "app/line/composer.h"
#include "app/line/line_editor.h"
#include "app/line/line_screen.h"
#include "app/plan_lines.h"
#include "app/progress.h"
#include "app/ui/user_interface.h"

namespace hearth {

class LineInterface final : public UserInterface {
  public:
    // Standard input and output are the terminal. `history_file`: "" = none.
    LineInterface(const Program& program, std::string history_file);

    std::vector<int> input_fds() const override;
    std::vector<UserAction> read() override;
    std::vector<UserAction> interrupted() override;
    void settle() override;

    void preparing(const ModelChoice&) override { busy_ = true; }
    void measuring_begun() override;
    void measuring(const PlanProgress& progress) override { plan_lines_.show(progress); }
    void ask_pack(const PackOffer& offer) override;
    void models(std::span<const ModelListing> listed) override;

    void loading(const LoadProgress& progress) override;
    void ready(const ModelReady& ready, const Chat& chat) override;
    void turn_begun() override { busy_ = true; }
    void reading(const PrefillProgress& progress) override;
    void answering(const AnswerText& piece) override;
    void turn_ended(const AnswerDone& done) override;
    void turn_failed() override;
    void priced(const Price&) override {}

    void opened() override;
    void show_all() override;
    void queued(std::string_view) override {}
    void preset(std::string text) override { editor_.preset(std::move(text)); }

    void note(std::string_view text) override { screen_.note(text); }
    void error(const Error& error) override;
    void page(std::string_view title, std::string_view text) override;
    void conversations(std::span<const ConversationSummary> summaries) override;
    void found(std::span<const SearchHit> hits) override;
    void ask_overflow(size_t prompt_tokens, size_t n_ctx) override;
    void show_dashboard(int page, const HistoryRows& history) override;
    void toggle_rail() override;
    void use_theme(const Theme&) override;

    void resized() override { editor_.resized(); }
    void suspend() override { editor_.suspend(); }
    void resume() override { editor_.resume(); }
    void close() override;

  private:
    void on_line(const std::string& line);

    LineScreen screen_;
    ProgressLine progress_;
    PlanLines plan_lines_;
    LineEditor editor_;
    Composer composer_;
    const ModelReady* model_ = nullptr;
    const Chat* chat_ = nullptr;  // once the model is loaded
    bool busy_ = false;
    bool asked_pack_ = false;  // the next line answers it
    bool packs_by_default_ = false;
    std::vector<UserAction> actions_;  // of the input that is being read
};

}  // namespace hearth
