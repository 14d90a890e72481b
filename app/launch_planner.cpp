#include "app/launch_planner.h"

#include <new>
#include <system_error>
#include <utility>

namespace hearth {

Result<std::unique_ptr<LaunchPlanner>> LaunchPlanner::create() {
    HEARTH_TRY(EventFd events_ready, EventFd::create());
    return std::unique_ptr<LaunchPlanner>(new LaunchPlanner(std::move(events_ready)));
}

LaunchPlanner::~LaunchPlanner() {
    stop();
    if (thread_.joinable()) thread_.join();
}

Result<void> LaunchPlanner::start(LaunchRequest request) {
    if (thread_.joinable()) thread_.join();  // it has emitted its last event
    stopping_ = false;
    answer_.reset();
    try {
        thread_ = std::thread([this, request = std::move(request)] { plan(request); });
    } catch (const std::system_error& error) {
        return make_error(ErrorCode::machine, "cannot start a thread: {} (ulimit -u, ulimit -v)",
                          error.code().message());
    }
    return {};
}

void LaunchPlanner::stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    answered_.notify_one();
}

void LaunchPlanner::answer(bool may_write_pack) {
    const std::lock_guard lock(mutex_);
    answer_ = may_write_pack;
    answered_.notify_one();
}

std::deque<PlanningEvent> LaunchPlanner::take_events() {
    events_ready_.drain();
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
}

void LaunchPlanner::emit(PlanningEvent event) {
    {
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(event));
    }
    events_ready_.notify();
}

bool LaunchPlanner::ask(const PackOffer& offer) {
    emit(offer);
    std::unique_lock lock(mutex_);
    answered_.wait(lock, [this] { return answer_ || stopping_; });
    return answer_.value_or(false);
}

void LaunchPlanner::plan(const LaunchRequest& request) {
    std::string made;
    PlanningHooks hooks;
    hooks.on_progress = [&](const PlanProgress& progress) {
        if (progress.step == PlanStep::plan && progress.is_done) made = progress.found;
        emit(progress);
        return !stopping_;
    };
    hooks.on_note = [this](const std::string& line) { emit(PlanningNote{line}); };
    hooks.on_measuring = [this] { emit(MeasuringBegun{}); };
    hooks.may_write_pack = [this](const PackOffer& offer) { return ask(offer); };
    Result<std::optional<Plan>> plan;
    try {
        plan = plan_for_launch(request.model_path, request.options, request.data_dir,
                               request.may_measure, hooks);
    } catch (const std::bad_alloc&) {
        plan = make_error(ErrorCode::machine, "out of memory while planning (--plan off skips it)");
    }
    emit(PlanReady{std::move(plan), std::move(made)});
}

}  // namespace hearth
