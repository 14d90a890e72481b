#include "app/turn_stats.h"

#include <nlohmann/json.hpp>

namespace hearth {
namespace {

std::string sampler_json(const GenerateOptions& options) {
    const SamplerOptions& sampler = options.sampler;
    nlohmann::ordered_json json{
        {"temperature", sampler.temperature},
        {"top_k", sampler.top_k},
        {"top_p", sampler.top_p},
        {"min_p", sampler.min_p},
        {"repeat_penalty", sampler.repetition_penalty},
        {"presence_penalty", sampler.presence_penalty},
        {"frequency_penalty", sampler.frequency_penalty},
        {"seed", sampler.seed},
        {"stop", options.stop_strings},
    };
    if (options.max_tokens != SIZE_MAX) json["max_tokens"] = options.max_tokens;
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

TurnStats turn_stats(const RunStats& stats, const ModelReady& model,
                     const GenerateOptions& options) {
    TurnStats turn;
    turn.model = model.name;
    turn.plan = stats.plan;
    turn.sampler_json = sampler_json(options);
    turn.threads = model.n_threads;
    turn.context_tokens = model.n_ctx;
    turn.prompt_tokens = stats.prompt_tokens;
    turn.reused_tokens = stats.reused_tokens;
    turn.prefill_tokens = stats.prefill.tokens;
    turn.prefill_seconds = stats.prefill.seconds;
    turn.decode_tokens = stats.decode.tokens;
    turn.decode_seconds = stats.decode.seconds;
    turn.ttft_ms = stats.ttft_ms;
    turn.latency_mean_ms = stats.latency_ms.mean;
    turn.latency_p50_ms = stats.latency_ms.p50;
    turn.latency_p90_ms = stats.latency_ms.p90;
    turn.latency_p99_ms = stats.latency_ms.p99;
    turn.fixed_bytes = stats.fixed_bytes;
    turn.hot_bytes = stats.hot.bytes;
    turn.hot_hits = stats.hot.hits;
    turn.cold_bytes = stats.cold.bytes;
    turn.cold_capacity_bytes = stats.cold.capacity_bytes;
    turn.cold_hits = stats.cold.hits;
    turn.cold_misses = stats.cold.misses;
    turn.cold_evictions = stats.cold.evictions;
    turn.io_reads = stats.io_reads;
    turn.io_bytes = stats.io_bytes;
    turn.io_stall_seconds = stats.io_stall_seconds;
    turn.sparsity_mode = stats.sparsity_mode;
    turn.active_fraction = stats.active_fraction;
    turn.predictor_recall = stats.predictor_recall;
    turn.memory_budget_bytes = stats.memory_budget_bytes;
    turn.peak_rss_bytes = stats.peak_rss_bytes;
    return turn;
}

std::vector<LayerCounters> layer_counters(const std::vector<FfnMemory>& ffns) {
    std::vector<LayerCounters> layers;
    for (const FfnMemory& ffn : ffns) {
        if (layers.size() <= ffn.layer) layers.resize(size_t{ffn.layer} + 1);
        LayerCounters& layer = layers[ffn.layer];
        layer.hot_neurons += ffn.hot;
        layer.present_neurons += ffn.present;
        layer.cold_hits += ffn.hits;
        layer.cold_misses += ffn.misses;
    }
    return layers;
}

}  // namespace hearth
