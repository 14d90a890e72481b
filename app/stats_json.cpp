#include "app/stats_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

// A measurement that only exists when `measured` holds.
template <typename T>
Json when(bool measured, const T& value) {
    return measured ? Json(value) : Json(nullptr);
}

Json phase_json(const PhaseStats& phase) {
    return {{"tokens", phase.tokens},
            {"seconds", phase.seconds},
            {"tokens_per_second", when(phase.seconds > 0.0, phase.tokens_per_second())}};
}

Json decode_json(const RunStats& stats) {
    Json decode = phase_json(stats.decode);
    const bool measured = stats.decode.tokens > 0;
    decode["latency_ms"] = {{"mean", when(measured, stats.latency_ms.mean)},
                            {"p50", when(measured, stats.latency_ms.p50)},
                            {"p90", when(measured, stats.latency_ms.p90)},
                            {"p99", when(measured, stats.latency_ms.p99)}};
    return decode;
}

Json cache_json(const RunStats& stats) {
    // Dense decode looks nothing up in the hot segment: it uses all of it.
    const bool hot_lookups = stats.hot.hits + stats.hot.misses > 0;
    return {{"fixed", {{"bytes", stats.fixed_bytes}}},
            {"hot", {{"bytes", stats.hot.bytes}, {"hits", when(hot_lookups, stats.hot.hits)}}},
            {"cold",
             {{"bytes", stats.cold.bytes},
              {"capacity_bytes", stats.cold.capacity_bytes},
              {"hits", stats.cold.hits},
              {"misses", stats.cold.misses},
              {"evictions", stats.cold.evictions},
              {"hit_rate", or_null(stats.cold.hit_rate())}}}};
}

}  // namespace

std::string run_report_json(const RunReport& report, bool ascii) {
    std::vector<size_t> ids;
    ids.reserve(report.tokens.size());
    for (const Token token : report.tokens) ids.push_back(to_index(token));
    const RunStats& stats = report.stats;
    const Json json = {
        {"prompt_tokens", stats.prompt_tokens},
        {"tokens", ids},
        {"text", report.text},
        {"stop_reason", to_string(report.stop_reason)},
        {"ttft_ms", when(stats.ttft_ms > 0.0, stats.ttft_ms)},
        {"prefill", phase_json(stats.prefill)},
        {"decode", decode_json(stats)},
        {"cache", cache_json(stats)},
        {"io",
         {{"reads", stats.io_reads},
          {"bytes", stats.io_bytes},
          {"stall_seconds", stats.io_stall_seconds}}},
        {"sparsity",
         {{"mode", stats.sparsity_mode},
          {"active_fraction", or_null(stats.active_fraction)},
          {"predictor_recall", or_null(stats.predictor_recall)}}},
        {"memory",
         {{"budget_bytes", when(stats.memory_budget_bytes > 0, stats.memory_budget_bytes)},
          {"peak_rss_bytes", when(stats.peak_rss_bytes > 0, stats.peak_rss_bytes)}}},
        {"plan", when(!stats.plan.empty(), stats.plan)},
    };
    return json.dump(-1, ' ', ascii, Json::error_handler_t::replace);
}

}  // namespace hearth
