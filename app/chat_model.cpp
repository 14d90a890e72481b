// The way of a model into a chat: chosen, planned for, loaded, ready; and from one to another.
#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "app/chat_controller.h"
#include "app/generation.h"
#include "app/model_file.h"
#include "app/turn_summary.h"
#include "engine/base/printable.h"

namespace hearth {

void ChatController::announce(const std::string& path) {
    model_path_ = path;
    background_.reset();
    monitor_.prepare(Clock::now());
    face_.preparing({path, path == bundled_model()});
}

void ChatController::prepare(const std::string& path) {
    announce(path);
    stage_ = Stage::planning;
    const auto begun =
        planner_.start({path, options_, *program_.data_dir, /*may_measure=*/!arguments_.headless});
    if (!begun) model_failed(begun.error());
}

// --- planning ------------------------------------------------------------------------------------

void ChatController::on_planner() {
    for (const PlanningEvent& event : planner_.take_events()) {
        std::visit([this](const auto& one) { handle(one); }, event);
    }
}

void ChatController::handle(const MeasuringBegun&) {
    face_.measuring_begun();
}

void ChatController::handle(const PlanProgress& progress) {
    monitor_.plan(progress, Clock::now());
    face_.measuring(progress);
}

void ChatController::handle(const PlanningNote& note) {
    face_.note(note.line);
}

void ChatController::handle(const PackOffer& offer) {
    face_.ask_pack(offer);
}

Result<void> ChatController::execute(const DecidePack& decide) {
    planner_.answer(decide.write);
    return {};
}

void ChatController::handle(const PlanReady& ready) {
    if (leaving_) return;
    const bool skipped = !ready.plan && ready.plan.error().code == ErrorCode::cancelled;
    if (!ready.plan && !skipped) return model_failed(ready.plan.error());
    if (skipped) face_.note(kMeasuringSkipped);
    if (!ready.made.empty()) {
        face_.note(fmt::format("planned: {} (hearth plan --explain)", ready.made));
    }
    stage_ = Stage::loading;
    handle(LoadProgress{});
    if (!arguments_.headless) {
        background_ = BackgroundPlanning::begin(model_path_, options_, *program_.data_dir, worker_);
    }
    LoadModel load{model_path_,
                   options_.isa,
                   options_.memory,
                   skipped ? std::nullopt : *ready.plan,
                   session_options(options_),
                   kv_};
    load.plans_folder = program_.data_dir->plans();
    worker_.post(std::move(load));
}

// --- loading -------------------------------------------------------------------------------------

void ChatController::handle(const LoadProgress& load) {
    monitor_.load(load, Clock::now());
    face_.loading(load);
}

void ChatController::handle(const ModelReady& ready) {
    stage_ = Stage::ready;
    former_model_.clear();
    const bool is_first = !chat_;
    model_ = ready;
    monitor_.ready(ready, Clock::now());
    if (feed_) feed_->use_model(ready.name);
    if (is_first) chat_ = std::make_unique<Chat>(store_, worker_, *model_, options_);
    face_.ready(*model_, *chat_);
    for (const std::string& warning : ready.warnings) face_.note(warning);
    if (!is_first) {
        face_.note(fmt::format("now {}; it reads the conversation with your next message",
                               describe(*model_)));
    } else if (const auto opened = open_first_conversation(); !opened) {
        error_ = opened.error();
        return quit(kExitDone);
    }
    if (!queued_) return;
    const std::string text = *std::exchange(queued_, std::nullopt);
    face_.queued("");
    act(SayLiterally{text});
}

// A first model that cannot be had ends the program; another one leads back to the one before.
void ChatController::model_failed(const Error& error) {
    const bool stopped = error.code == ErrorCode::cancelled;
    if (!former_model_.empty()) {
        if (!stopped) face_.error(error);
        return prepare(std::exchange(former_model_, ""));
    }
    if (!stopped) error_ = error;
    exit_code_ = kExitInterrupted;
    loop_.quit();
}

// Ends measuring, and the model is loaded without; or loading, and there is no model.
void ChatController::stop_preparing() {
    if (stage_ == Stage::planning) return planner_.stop();
    if (stage_ == Stage::loading && former_model_.empty()) return quit(kExitInterrupted);
    worker_.stop();
}

// --- another model -------------------------------------------------------------------------------

std::vector<std::string> ChatController::model_folders() const {
    namespace fs = std::filesystem;
    return {(fs::path(".") / model_path_).parent_path(), options_.models,
            program_.data_dir->models(), fs::path(bundled_model()).parent_path()};
}

Result<void> ChatController::choose_model(const std::string& wanted) {
    const auto listed = list_models(model_folders(), model_path_, options_);
    if (wanted.empty()) {
        face_.models(listed);
        return {};
    }
    HEARTH_TRY(const std::string path, find_listed(listed, wanted));
    std::error_code error;
    if (std::filesystem::equivalent(path, model_path_, error)) {
        return make_error(ErrorCode::usage, "{}: this model is in use", printable_path(path));
    }
    HEARTH_TRY_VOID(Gguf::open(path));  // what is no model does not cost the one that is there
    former_model_ = model_path_;
    announce(path);
    stage_ = Stage::leaving;
    worker_.post(LeaveModel{});
    return {};
}

void ChatController::handle(const ModelLeft&) {
    prepare(model_path_);
}

}  // namespace hearth
