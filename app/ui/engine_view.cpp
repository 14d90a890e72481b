#include "app/ui/engine_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hearth {
namespace {

constexpr auto kSampleEvery = std::chrono::milliseconds(250);
constexpr double kFirstEstimate = 0.1;  // seconds of a phase before its end is guessed
constexpr size_t kFewTokens = 4;        // fewer in the window say nothing about the speed

double seconds(EngineMonitor::Clock::duration time) {
    return std::chrono::duration<double>(time).count();
}

// Where one token went, seen from worker 0, which is there from its beginning to its end.
std::vector<TokenPart> token_parts(const std::vector<TraceEvent>& trace) {
    std::map<TraceKind, double> parts;
    for (const TraceEvent& event : trace) {
        if (event.worker != 0) continue;
        parts[event.kind] += event.end_us - event.begin_us;
    }
    std::vector<TokenPart> out;
    for (const auto& [kind, us] : parts) out.push_back({std::string(to_string(kind)), us / 1000.0});
    return out;
}

char mark_of(TraceKind kind) {
    constexpr std::string_view kMarks = "APGLRUFSH.";
    return kMarks[static_cast<size_t>(kind)];
}

TraceSpan trace_span(const TraceEvent& event) {
    const bool is_read = event.worker == TokenTrace::kIoLane;
    return {is_read ? "flash" : fmt::format("core {}", event.worker), mark_of(event.kind),
            event.begin_us / 1000.0, event.end_us / 1000.0};
}

LayerView layer_view(const FfnMemory& ffn) {
    LayerView view;
    view.resident.assign(ffn.present_by_rank.begin(), ffn.present_by_rank.end());
    view.cold_hit_rate = SegmentStats{0, 0, ffn.hits, ffn.misses, 0}.hit_rate();
    return view;
}

}  // namespace

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::plan:
            return "PLAN";
        case Phase::load:
            return "LOAD";
        case Phase::idle:
            return "READY";
        case Phase::read:
            return "READ";
        case Phase::think:
            return "THINK";
        case Phase::decode:
            return "DECODE";
        case Phase::stalled:
            return "STALLED";
        case Phase::stopped:
            return "STOPPED";
        case Phase::done:
            return "DONE";
        case Phase::failed:
            return "FAILED";
    }
    return "";
}

const RunStats* EngineView::any_stats() const {
    if (live) return &*live;
    return stats ? &*stats : nullptr;
}

std::optional<double> EngineView::hot_hit_rate() const {
    const RunStats* const now = any_stats();
    return now != nullptr ? now->hot.hit_rate() : std::nullopt;
}

std::optional<double> EngineView::cold_hit_rate() const {
    const RunStats* const now = any_stats();
    return now != nullptr ? now->cold.hit_rate() : std::nullopt;
}

// An engine that counts its reads only at the end reports none until then.
std::optional<double> EngineView::bytes_per_token() const {
    const RunStats* const now = any_stats();
    const bool reported =
        now != nullptr && (now->io_reads > 0 || (now->cold.capacity_bytes > 0 && !live));
    const size_t decoded = live ? tokens : reported ? now->decode.tokens : 0;
    if (!reported || decoded == 0) return std::nullopt;
    return static_cast<double>(now->io_bytes) / static_cast<double>(decoded);
}

std::optional<double> EngineView::stall_share() const {
    const RunStats* const now = any_stats();
    if (now == nullptr || now->cold.capacity_bytes == 0 || now->decode.seconds <= 0.0) {
        return std::nullopt;
    }
    return now->io_stall_seconds / now->decode.seconds;
}

// --- the session ---------------------------------------------------------------------------------

void SessionTotals::add(const RunStats& stats) {
    if (tokens < kWarmUpTokens) {
        warm_up_hits += stats.cold.hits;
        warm_up_misses += stats.cold.misses;
    } else {
        cold_hits += stats.cold.hits;
        cold_misses += stats.cold.misses;
    }
    hot_hits += stats.hot.hits;
    hot_misses += stats.hot.misses;
    tokens += stats.decode.tokens + 1;  // the first one is sampled from the prompt
    ++answers;
}

SessionTotals SessionTotals::since(const SessionTotals& before) const {
    SessionTotals rest = *this;
    rest.answers -= before.answers;
    rest.tokens -= before.tokens;
    rest.hot_hits -= before.hot_hits;
    rest.hot_misses -= before.hot_misses;
    rest.cold_hits -= before.cold_hits;
    rest.cold_misses -= before.cold_misses;
    return rest;  // what warmed up stays as it was
}

std::optional<double> SessionTotals::hot_hit_rate() const {
    return SegmentStats{0, 0, hot_hits, hot_misses, 0}.hit_rate();
}

std::optional<double> SessionTotals::cold_hit_rate() const {
    return SegmentStats{0, 0, cold_hits, cold_misses, 0}.hit_rate();
}

std::optional<double> SessionTotals::warm_up_hit_rate() const {
    return SegmentStats{0, 0, warm_up_hits, warm_up_misses, 0}.hit_rate();
}

// --- events --------------------------------------------------------------------------------------

void EngineMonitor::enter(Phase phase, Clock::time_point now) {
    if (view_.phase == phase && phase_begun_ != Clock::time_point()) return;
    view_.phase = phase;
    phase_begun_ = now;
    view_.done = view_.total = 0;
}

void EngineMonitor::prepare(Clock::time_point now) {
    view_ = {};
    busy_ = true;
    phase_begun_ = {};
    enter(Phase::load, now);
    arrivals_.clear();
}

void EngineMonitor::plan(const PlanProgress& progress, Clock::time_point now) {
    enter(Phase::plan, now);
    const double share = progress.is_done ? 1.0 : progress.share;
    view_.done = static_cast<uint64_t>(100.0 * (static_cast<double>(progress.step) + share));
    view_.total = 100 * kPlanSteps;
}

void EngineMonitor::load(const LoadProgress& progress, Clock::time_point now) {
    enter(Phase::load, now);
    view_.done = progress.bytes_done;
    view_.total = progress.bytes_total;
}

void EngineMonitor::ready(const ModelReady& ready, Clock::time_point now) {
    enter(Phase::idle, now);
    view_.n_ctx = ready.n_ctx;
    busy_ = false;
}

void EngineMonitor::begin_turn(Clock::time_point now) {
    busy_ = true;
    enter(Phase::read, now);
    phase_begun_ = now;
    view_.tokens = 0;
    view_.tokens_per_second.reset();
    arrivals_.clear();
}

void EngineMonitor::read(const PrefillProgress& progress, Clock::time_point now) {
    enter(Phase::read, now);
    view_.done = progress.tokens_done;
    view_.total = progress.tokens_total;
}

void EngineMonitor::text(const AnswerText& piece, bool thinking, Clock::time_point now) {
    enter(thinking ? Phase::think : Phase::decode, now);
    view_.tokens = piece.tokens;
    view_.context_tokens = piece.context_tokens;
    if (piece.engine) take_report(*piece.engine);
    arrivals_.push_back({now, piece.tokens});
    while (arrivals_.size() > 2 && now - arrivals_.front().time > kRateWindow) {
        arrivals_.pop_front();
    }
    if (now - last_sample_ < kSampleEvery) return;
    last_sample_ = now;
    if (const auto speed = rate(now)) {
        view_.tokens_per_second = speed;
        rates_.push_back(static_cast<float>(*speed));
        if (rates_.size() > kRateSamples) rates_.pop_front();
    }
}

void EngineMonitor::take_report(const EngineReport& report) {
    view_.live = report.stats;
    view_.layers.clear();
    for (const FfnMemory& ffn : report.ffns) view_.layers.push_back(layer_view(ffn));
    take_trace(report.trace);
}

void EngineMonitor::take_trace(const std::vector<TraceEvent>& trace) {
    if (trace.empty()) return;
    view_.token_parts = token_parts(trace);
    view_.trace.clear();
    for (const TraceEvent& event : trace) view_.trace.push_back(trace_span(event));
}

void EngineMonitor::end(const AnswerDone& done, Clock::time_point now) {
    enter(done.stop_reason == StopReason::cancelled ? Phase::stopped : Phase::done, now);
    busy_ = false;
    view_.stats = done.stats;
    take_trace(done.trace);
    view_.live.reset();
    totals_.add(done.stats);
    view_.tokens = done.tokens.size();
    view_.context_tokens = done.stats.prompt_tokens + done.stats.decode.tokens;
    if (done.stats.decode.tokens > 0) {
        view_.tokens_per_second = done.stats.decode.tokens_per_second();
    }
}

void EngineMonitor::fail(Clock::time_point now) {
    enter(Phase::failed, now);
    view_.live.reset();
    busy_ = false;
}

std::optional<double> EngineMonitor::rate(Clock::time_point now) const {
    if (arrivals_.size() < 2) return std::nullopt;
    const Arrival& first = arrivals_.front();
    const double time = seconds(now - first.time);
    const size_t tokens = arrivals_.back().tokens - first.tokens;
    if (time <= 0.0 || tokens < kFewTokens) return std::nullopt;
    return static_cast<double>(tokens) / time;
}

EngineView EngineMonitor::view(Clock::time_point now) const {
    EngineView view = view_;
    view.phase_seconds = seconds(now - phase_begun_);
    const bool progressing = view.phase == Phase::load || view.phase == Phase::read;
    if (progressing && view.done > 0 && view.done < view.total &&
        view.phase_seconds >= kFirstEstimate) {
        const double per_second = static_cast<double>(view.done) / view.phase_seconds;
        view.seconds_left = static_cast<double>(view.total - view.done) / per_second;
    }
    const bool writing = view.phase == Phase::decode || view.phase == Phase::think;
    if (busy_ && writing && !arrivals_.empty() && now - arrivals_.back().time >= kStalled) {
        view.phase = Phase::stalled;
        view.stalled_seconds = seconds(now - arrivals_.back().time);
    }
    return view;
}

}  // namespace hearth
