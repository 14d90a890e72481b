#include "app/turn_summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/memory_budget.h"

namespace hearth {
namespace {

// A first token that came sooner than this needs no mention.
constexpr double kSlowTtftMs = 1000.0;

// Nor does a context with this much room.
constexpr size_t kFullPercent = 50;

std::string speed(const PhaseStats& phase) {
    if (phase.seconds <= 0.0) return fmt::format("{}", phase.tokens);
    const double rate = phase.tokens_per_second();
    return fmt::format("{} at {:.{}f} tok/s", phase.tokens, rate, rate < 100.0 ? 1 : 0);
}

std::string percent(const std::optional<double>& share) {
    return share ? fmt::format("{:.1f} %", 100.0 * *share) : "not measured";
}

}  // namespace

std::string describe(const ModelReady& model) {
    return fmt::format("{} · {} · context {} · {} thread{} · {}", model.name,
                       format_bytes(model.weight_bytes), model.n_ctx, model.n_threads,
                       model.n_threads == 1 ? "" : "s", model.isa);
}

std::string_view why_it_ended(StopReason reason) {
    switch (reason) {
        case StopReason::cancelled:
            return "stopped: /continue goes on";
        case StopReason::length:
            return "the longest answer was reached: /continue goes on";
        case StopReason::context_full:
            return "the context is full: /new begins a conversation, --ctx N makes room";
        case StopReason::end_of_turn:
        case StopReason::stop_string:
            break;
    }
    return "";
}

std::string turn_summary(const RunStats& stats, size_t n_ctx) {
    std::string line = "prefill " + speed(stats.prefill);
    if (stats.reused_tokens > 0) line += fmt::format(" ({} reused)", stats.reused_tokens);
    if (stats.decode.tokens > 0) line += " · decode " + speed(stats.decode);
    if (stats.ttft_ms >= kSlowTtftMs)
        line += fmt::format(" · ttft {:.1f} s", stats.ttft_ms / 1000.0);
    if (stats.active_fraction)
        line += fmt::format(" · active {:.0f} %", 100.0 * *stats.active_fraction);
    const size_t used =
        100 * (stats.prompt_tokens + stats.decode.tokens) / std::max<size_t>(n_ctx, 1);
    if (n_ctx > 0 && used >= kFullPercent) line += fmt::format(" · context {} % full", used);
    return line;
}

std::string turn_details(const RunStats& stats) {
    std::string text;
    const auto add = [&text](std::string_view name, const std::string& value) {
        text += fmt::format("  {:<18}{}\n", name, value);
    };
    add("prompt",
        fmt::format("{} tokens, {} of them reused", stats.prompt_tokens, stats.reused_tokens));
    add("prefill", speed(stats.prefill));
    add("first token", fmt::format("{:.0f} ms", stats.ttft_ms));
    add("decode", speed(stats.decode));
    if (stats.decode.tokens > 0) {
        const LatencyStats& latency = stats.latency_ms;
        add("per token", fmt::format("{:.1f} ms mean, {:.1f} p50, {:.1f} p90, {:.1f} p99",
                                     latency.mean, latency.p50, latency.p90, latency.p99));
        const double rate =
            static_cast<double>(stats.bytes_per_token) * 1e-9 * stats.decode.tokens_per_second();
        add("weights read",
            fmt::format("{} per token, {:.1f} GB/s", format_bytes(stats.bytes_per_token), rate));
    }
    add("fixed", format_bytes(stats.fixed_bytes));
    add("hot", format_bytes(stats.hot.bytes));
    if (stats.cold.capacity_bytes > 0) {
        add("cold",
            fmt::format("{} of {}, hit rate {}", format_bytes(stats.cold.bytes),
                        format_bytes(stats.cold.capacity_bytes), percent(stats.cold.hit_rate())));
        add("reads", fmt::format("{}, {}, stall {:.2f} s", stats.io_reads,
                                 format_bytes(stats.io_bytes), stats.io_stall_seconds));
    }
    add("sparsity", stats.sparsity_mode);
    if (stats.active_fraction) add("active", percent(stats.active_fraction));
    if (stats.predictor_recall) add("predictor recall", percent(stats.predictor_recall));
    if (stats.peak_rss_bytes > 0) add("peak rss", format_bytes(stats.peak_rss_bytes));
    return text;
}

}  // namespace hearth
