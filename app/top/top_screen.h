// TopScreen: the dashboard of a chat that runs elsewhere, on a terminal of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/commands/commands.h"
#include "app/event_loop.h"
#include "app/top/engine_socket.h"
#include "app/ui/dashboard.h"
#include "app/ui/keys.h"
#include "app/ui/terminal.h"

namespace hearth {

class TopScreen {
  public:
    TopScreen(const Program& program, EngineClient client, std::unique_ptr<Terminal> terminal,
              SignalFd& signals);

    // Until the person leaves (the exit code) or the chat ends (the error that says so).
    Result<int> run();

  private:
    void on_keys();
    void on_key(const Key& key);
    void on_engine();
    void on_signals();
    void load_history();
    void save();
    void draw();

    const Program& program_;
    EngineClient client_;
    std::unique_ptr<Terminal> terminal_;
    SignalFd& signals_;
    EventLoop loop_;
    KeyDecoder decoder_;
    Dashboard dashboard_;
    std::optional<DashboardData> data_;  // as last told
    HistoryRows history_;
    size_t answers_ = 0;  // when the history was read
    std::string note_;
    EngineMonitor::Clock::time_point drawn_{};
    Result<int> outcome_ = kExitDone;
};

}  // namespace hearth
