#include "app/top/engine_feed.h"

#include "app/ui/dashboard_json.h"

namespace hearth {

Result<EngineFeed> EngineFeed::create(const DataDir& data_dir, const EngineMonitor& monitor) {
    HEARTH_TRY_VOID(data_dir.create_runtime());
    HEARTH_TRY(EngineServer server, EngineServer::create(data_dir.runtime()));
    HEARTH_TRY(TimerFd timer, TimerFd::create());
    return EngineFeed(std::move(server), std::move(timer), monitor);
}

void EngineFeed::on_connect() {
    server_.accept();
    if (server_.has_clients()) timer_.start(kPeriod);
}

void EngineFeed::on_timer() {
    timer_.drain();
    const auto now = EngineMonitor::Clock::now();
    process_.sample(now);
    server_.tell(to_json(dashboard_data(monitor_, model_, process_, now)));
    if (!server_.has_clients()) timer_.stop();
}

}  // namespace hearth
