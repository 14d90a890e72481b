// BackgroundPlanning: what a launch left undone, while nobody waits for the engine.
//
// After planning was skipped the device and the model are measured all the same, and the plan is
// there for the next launch; a profile that was made of a part of its text is completed. It runs
// nice, stops when an answer begins and begins again when the engine has been idle for a while:
// what is measured beside an answer would be wrong. Finished steps are kept. No pack is written,
// and where the budget does not hold the model twice nothing is measured.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/planning.h"
#include "app/worker.h"

namespace hearth {

class BackgroundPlanning {
  public:
    // For the model that `worker` is about to load: what is free now is what it was planned with.
    // nullptr where no plans are wanted. The worker must outlive it.
    static std::unique_ptr<BackgroundPlanning> begin(const std::string& model_path,
                                                     const Options& options,
                                                     const DataDir& data_dir, const Worker& worker);
    ~BackgroundPlanning();  // stops within a second
    BackgroundPlanning(const BackgroundPlanning&) = delete;
    BackgroundPlanning& operator=(const BackgroundPlanning&) = delete;

  private:
    BackgroundPlanning(std::string model_path, const PlanInputs& inputs, DataDir data_dir,
                       const Worker& worker)
        : model_path_(std::move(model_path)),
          inputs_(inputs),
          data_dir_(std::move(data_dir)),
          worker_(worker) {}
    void main();
    Result<void> plan();
    bool wait_until_idle();  // false: it ends
    bool goes_on() const { return !stopping_ && !worker_.is_busy(); }

    std::string model_path_;
    PlanInputs inputs_;
    DataDir data_dir_;
    const Worker& worker_;
    std::mutex mutex_;
    std::condition_variable ends_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace hearth
