// LineChat: the chat on a terminal, line by line. Nothing is redrawn and nothing scrolls away, so
// it works in every terminal, over slow connections and with screen readers.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/chat.h"
#include "app/command_line.h"
#include "app/commands/commands.h"
#include "app/event_loop.h"
#include "app/line/composer.h"
#include "app/line/line_editor.h"
#include "app/line/line_screen.h"
#include "app/line/slash_commands.h"
#include "app/progress.h"

namespace hearth {

class LineChat {
  public:
    // Standard input and output are the terminal. Everything outlives the chat.
    LineChat(const ChatArguments& arguments, const Program& program, const DataDir& data_dir,
             Store& store, Worker& worker, SignalFd& signals, TimerFd& save_timer);

    // Loads the model at `path`, opens the conversation, and chats until the person leaves. The
    // exit code.
    Result<int> run(const std::string& path);

  private:
    // line_chat.cpp: the loop. What happens outside comes in here.
    void on_signals();
    void on_interrupt();
    void suspend();
    void on_worker();
    void on_timer();
    void handle(const LoadProgress& load);
    void handle(const ModelReady& ready);
    void handle(const PrefillProgress& prefill);
    void handle(const AnswerText& text);
    void handle(const AnswerDone& done);
    void handle(const WorkFailed& failed);
    void ask();
    void on_line(const std::string& line);
    void quit(int exit_code);
    void warn_unsaved(const Result<void>& saved);

    // line_chat_commands.cpp: what a person can ask for.
    Result<void> open_first_conversation();
    Result<void> open_conversation(const Conversation& conversation);
    Result<void> execute(const SlashLine& command);
    Result<void> list();
    Result<void> rename(const std::string& title);
    Result<void> undo();
    Result<void> system(const std::string& text);
    Result<void> set(const std::string& argument);
    Result<void> stats();

    const ChatArguments& arguments_;
    Store& store_;
    Worker& worker_;
    SignalFd& signals_;
    TimerFd& save_timer_;
    Options options_;  // of this chat: /set changes them
    EventLoop loop_;
    LineScreen screen_;
    ProgressLine progress_;
    LineEditor editor_;
    Composer composer_;
    std::optional<ModelReady> model_;
    std::unique_ptr<Chat> chat_;  // once the model is loaded
    bool unsaved_told_ = false;
    bool leaving_ = false;
    int exit_code_ = kExitDone;
    std::optional<Error> error_;
};

}  // namespace hearth
