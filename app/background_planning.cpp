#include "app/background_planning.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <new>
#include <system_error>

#include "engine/base/log.h"

namespace hearth {
namespace {

// So long nothing is answered before measuring begins: somebody reads, or is away.
constexpr auto kIdle = std::chrono::seconds(3);
constexpr auto kLook = std::chrono::milliseconds(200);
constexpr int kNice = 19;

}  // namespace

std::unique_ptr<BackgroundPlanning> BackgroundPlanning::begin(const std::string& model_path,
                                                              const Options& options,
                                                              const DataDir& data_dir,
                                                              const Worker& worker) {
    if (!options.makes_plans) return nullptr;
    const auto gguf = Gguf::open(model_path);
    const auto inputs = gguf ? plan_inputs(*gguf, options) : tl::unexpected(gguf.error());
    if (!inputs) return nullptr;  // the loading says why
    std::unique_ptr<BackgroundPlanning> planning(
        new BackgroundPlanning(model_path, *inputs, data_dir, worker));
    try {
        planning->thread_ = std::thread(&BackgroundPlanning::main, planning.get());
    } catch (const std::system_error& error) {
        log("no planning in the background: {}", error.code().message());
        return nullptr;
    }
    return planning;
}

BackgroundPlanning::~BackgroundPlanning() {
    stopping_ = true;
    ends_.notify_one();
    if (thread_.joinable()) thread_.join();
}

bool BackgroundPlanning::wait_until_idle() {
    auto busy_at = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!stopping_ && std::chrono::steady_clock::now() - busy_at < kIdle) {
        ends_.wait_for(lock, kLook, [this] { return stopping_.load(); });
        if (worker_.is_busy()) busy_at = std::chrono::steady_clock::now();
    }
    return !stopping_;
}

void BackgroundPlanning::main() {
    // The threads that measure inherit it.
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNice);
    while (wait_until_idle()) {
        Result<void> done;
        try {
            done = plan();
        } catch (const std::bad_alloc&) {
            done = make_error(ErrorCode::machine, "out of memory");
        }
        if (!done && done.error().code == ErrorCode::cancelled) continue;
        if (!done) log("planning in the background: {}", done.error().message);
        return;
    }
}

Result<void> BackgroundPlanning::plan() {
    HEARTH_TRY(const Gguf gguf, Gguf::open(model_path_));
    HEARTH_TRY(const bool room, can_plan_beside(gguf, inputs_));
    if (!room) return make_error(ErrorCode::machine, "no room beside the model");
    PlanningHooks hooks;
    hooks.on_progress = [this](const PlanProgress&) { return goes_on(); };
    HEARTH_TRY(PlanMaker planner, open_planner(gguf, data_dir_, hooks));
    return planner.refine(inputs_);
}

}  // namespace hearth
