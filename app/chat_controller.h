// ChatController: one chat from the loading of its model to its end. It joins the person (a
// UserInterface), the conversation (Chat), the engine thread (Worker), signals and time; it draws
// nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/background_planning.h"
#include "app/chat.h"
#include "app/command_line.h"
#include "app/commands/commands.h"
#include "app/event_loop.h"
#include "app/launch_planner.h"
#include "app/slash_commands.h"
#include "app/top/engine_feed.h"
#include "app/ui/user_interface.h"

namespace hearth {

class ChatController {
  public:
    // Everything outlives the chat.
    ChatController(const ChatArguments& arguments, const Program& program, Store& store,
                   EngineMonitor& monitor, LaunchPlanner& planner, Worker& worker,
                   SignalFd& signals, TimerFd& save_timer, UserInterface& face);

    // Plans for the model at `path` where no plan is kept, loads it, opens the conversation, and
    // chats until the person leaves. The exit code.
    Result<int> run(const std::string& path);

  private:
    using Clock = EngineMonitor::Clock;

    // chat_controller.cpp: what happens comes in here.
    void settle();
    void watch_feed();
    void on_signals();
    void suspend();
    void on_worker();
    void on_timer();
    void handle(const PrefillProgress& prefill);
    void handle(const AnswerText& text);
    void handle(const AnswerDone& done);
    void handle(const PromptPriced& priced);
    void handle(const TokensCounted& counted);
    void handle(const WorkFailed& failed);
    void turn_over();
    void summary_over(AnswerDone done);
    void overflow(size_t prompt_tokens);
    void quit(int exit_code);
    void tell_unsaved(const Result<void>& saved);

    // chat_model.cpp: the way of a model, from its choice to ModelReady.
    void announce(const std::string& path);
    void prepare(const std::string& path);
    void on_planner();
    void handle(const MeasuringBegun& begun);
    void handle(const PlanProgress& progress);
    void handle(const PlanningNote& note);
    void handle(const PackOffer& offer);
    void handle(const PlanReady& ready);
    void handle(const ModelLeft& left);
    void handle(const LoadProgress& load);
    void handle(const ModelReady& ready);
    void model_failed(const Error& error);
    void stop_preparing();
    bool is_ready() const { return stage_ == Stage::ready; }
    std::vector<std::string> model_folders() const;
    Result<void> choose_model(const std::string& wanted);

    // chat_commands.cpp: what a person can do.
    void act(const UserAction& action);
    Result<void> execute(const Say& say);
    Result<void> execute(const SayLiterally& say);
    Result<void> execute(const SlashLine& command);
    Result<void> execute(const Edit& edit);
    Result<void> execute(const Swipe& swipe);
    Result<void> execute(const Again& again);
    Result<void> execute(const Fork& fork);
    Result<void> execute(const AskPrice& ask);
    Result<void> execute(const DecidePack& decide);
    Result<void> execute(const Stop& stop);
    Result<void> execute(const Suspend& suspend);
    Result<void> execute(const Leave& leave);
    // Tells the face that an answer has begun, if it has.
    Result<void> begun(Result<void> turn);

    Result<void> open_first_conversation();
    Result<void> open_conversation(const Conversation& conversation);
    Result<void> list(const std::string& words);
    Result<void> rename(const std::string& title);
    Result<void> undo();
    Result<void> system(const std::string& text);
    Result<void> set(const std::string& argument);

    // chat_extras.cpp: characters and files.
    Result<void> begin_character(const std::string& name);
    Result<void> tell_character();
    Result<void> persona(const std::string& text);
    Result<void> author_note(const std::string& text);
    Result<void> lore();
    Result<void> read(const std::string& spec);
    Result<void> glob(const std::string& pattern);
    Result<void> save_code(const std::string& argument);
    // The files that go with a message: those that were read, and those it mentions.
    Result<std::vector<Part>> take_files(const std::string& message);

    Result<void> stats();
    Result<void> shift();
    Result<void> compact(const std::string& focus);
    Result<void> search(const std::string& words);
    Result<void> show_dashboard(const std::string& page);
    Result<void> use_theme(const std::string& name);
    Result<void> swipe_last(const std::string& step);

    const ChatArguments& arguments_;
    const Program& program_;
    Store& store_;
    EngineMonitor& monitor_;
    LaunchPlanner& planner_;
    Worker& worker_;
    std::unique_ptr<BackgroundPlanning> background_;  // of the loaded model
    SignalFd& signals_;
    TimerFd& save_timer_;
    UserInterface& face_;
    Options options_;  // of this chat: /set changes them
    KvReuseOptions kv_;
    EventLoop loop_;
    std::vector<int> watched_;        // the face's descriptors
    std::optional<EngineFeed> feed_;  // for hearth top
    enum class Stage { planning, leaving, loading, ready };
    Stage stage_ = Stage::planning;
    std::string model_path_;    // the one that is used, or on its way
    std::string former_model_;  // where to go back to when that fails, "" = nowhere
    std::optional<ModelReady> model_;
    std::unique_ptr<Chat> chat_;         // once the model is loaded
    std::vector<Part> files_;            // for the next message
    std::optional<std::string> queued_;  // said while an answer was being written
    bool unsaved_told_ = false;
    bool leaving_ = false;
    int exit_code_ = kExitDone;
    std::optional<Error> error_;
};

}  // namespace hearth
