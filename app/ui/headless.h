// Headless: a chat without a terminal. One JSON object a line in, one a line out: for tests, and
// for programs that want a chat with its tree and not only one answer.
//
// In:  {"say": TEXT}  {"literal": TEXT}  {"edit": ID, "text": TEXT}  {"swipe": ID, "step": ±1}
//      {"again": ID}  {"fork": ID}  {"price": DRAFT}  {"pack": true|false}  {"stop": true}
//      {"leave": true}
// Out: {"t": "preparing" | "measuring" | "pack" | "models" | "loading" | "ready" | "opened" |
// "begun" | "reading" | "text" | "end" | "failed" |
//            "price" | "queued" | "preset" | "note" | "error" | "page" | "conversations" | "found"
//            | "overflow" | "dashboard" | "bye", ...}
// Fields may be added, never changed. What is asked for is done in order, the next when the last is
// over; only "stop" and "pack" do not wait. The end of the input leaves when everything is done.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/event_loop.h"
#include "app/output.h"
#include "app/ui/user_interface.h"

namespace hearth {

class Headless final : public UserInterface {
  public:
    // Reads standard input.
    static Result<std::unique_ptr<Headless>> create(Output& out);

    std::vector<int> input_fds() const override;
    std::vector<UserAction> read() override;
    std::vector<UserAction> interrupted() override;
    void settle() override;

    void preparing(const ModelChoice& model) override;
    void measuring_begun() override {}
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
    void show_all() override { opened(); }
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

    void resized() override {}
    void suspend() override {}
    void resume() override {}
    void close() override;

  private:
    Headless(Output& out, EventFd idle) : out_(out), idle_(std::move(idle)) {}
    void read_input();

    Output& out_;
    EventFd idle_;       // the next action can be handed out
    std::string input_;  // a line that is not complete
    std::deque<UserAction> waiting_;
    bool at_end_ = false;  // of the input
    bool busy_ = true;     // loading counts
    const Chat* chat_ = nullptr;
};

// What a line of input asks for; usage with what is wrong about it.
Result<UserAction> parse_action(std::string_view line);

}  // namespace hearth
