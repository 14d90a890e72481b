// LaunchPlanner: finds or makes the plan that a model is loaded with, in a thread of its own, so
// that a face stays alive meanwhile: planning is shown, can be skipped, and may ask.
//
// Used by the UI thread, which waits for event_fd(). Signals are to be blocked before it starts.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "app/event_loop.h"
#include "app/planning.h"

namespace hearth {

struct LaunchRequest {
    std::string model_path;
    Options options;
    DataDir data_dir;
    bool may_measure = true;  // false: only a plan that is kept
};

// No plan is kept: measuring begins.
struct MeasuringBegun {};
struct PlanningNote {
    std::string line;
};
// The last event. cancelled after stop(); nullopt = the engine's default will do.
struct PlanReady {
    Result<std::optional<Plan>> plan;
    std::string made;  // what was decided, where a plan was made just now
};

// After a PackOffer the planner waits for answer().
using PlanningEvent =
    std::variant<MeasuringBegun, PlanProgress, PlanningNote, PackOffer, PlanReady>;

class LaunchPlanner {
  public:
    static Result<std::unique_ptr<LaunchPlanner>> create();
    ~LaunchPlanner();  // stops and joins
    LaunchPlanner(const LaunchPlanner&) = delete;
    LaunchPlanner& operator=(const LaunchPlanner&) = delete;

    // One at a time: not before the PlanReady of the last. machine where there are no threads left.
    Result<void> start(LaunchRequest request);
    // PlanReady comes within a second.
    void stop();
    void answer(bool may_write_pack);

    int event_fd() const { return events_ready_.fd(); }
    std::deque<PlanningEvent> take_events();

  private:
    explicit LaunchPlanner(EventFd events_ready) : events_ready_(std::move(events_ready)) {}
    void plan(const LaunchRequest& request);
    void emit(PlanningEvent event);
    bool ask(const PackOffer& offer);

    std::mutex mutex_;
    std::condition_variable answered_;
    std::deque<PlanningEvent> events_;  // under mutex_
    std::optional<bool> answer_;        // under mutex_
    std::atomic<bool> stopping_{false};
    EventFd events_ready_;
    std::thread thread_;
};

}  // namespace hearth
