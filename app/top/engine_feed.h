// EngineFeed: what a chat tells `hearth top`, kPeriod after kPeriod while somebody looks.
#pragma once

#include <string>

#include "app/event_loop.h"
#include "app/top/engine_socket.h"
#include "app/ui/engine_view.h"
#include "app/ui/process_numbers.h"
#include "storage/data_dir.h"

namespace hearth {

class EngineFeed {
  public:
    static constexpr auto kPeriod = std::chrono::milliseconds(250);

    // `monitor` outlives it. machine where there can be no socket.
    static Result<EngineFeed> create(const DataDir& data_dir, const EngineMonitor& monitor);

    int listen_fd() const { return server_.fd(); }
    void on_connect();
    int timer_fd() const { return timer_.fd(); }
    void on_timer();
    void use_model(std::string name) { model_ = std::move(name); }

  private:
    EngineFeed(EngineServer server, TimerFd timer, const EngineMonitor& monitor)
        : server_(std::move(server)), timer_(std::move(timer)), monitor_(monitor) {}

    EngineServer server_;
    TimerFd timer_;
    const EngineMonitor& monitor_;
    ProcessSampler process_;
    std::string model_;
};

}  // namespace hearth
